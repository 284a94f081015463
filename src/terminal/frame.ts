import type { ChalkInstance } from 'chalk';
import { lineText, position } from '../document/lines.ts';
import type { Place } from '../problems/problem.ts';
import { printable } from './printable.ts';

/** Of a longer line only the part around the place is shown. */
const longest = 120;

/** The line of a place, with carets under it. */
export function frame(at: Place, style: ChalkInstance): string[] {
  const { file, line, column } = position(at);
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const { before, marked, after } = cut(lineText(at.source, line), column - 1, at.end - at.start);
  return [
    style.dim(`${blank} --> ${printable(file)}:${line}:${column}`),
    `${style.dim(`${number} |`)} ${before}${marked}${after}`.trimEnd(),
    `${style.dim(`${blank} |`)} ${spaces(before)}${style.red('^'.repeat(Math.max(1, width(marked))))}`,
  ];
}

/** What stands before a place in its line, at it, and after it. */
function cut(text: string, start: number, length: number): { before: string; marked: string; after: string } {
  const from = text.length > longest && start > longest / 2 ? start - longest / 3 : 0;
  const marked = text.slice(start, start + Math.min(length, longest - (start - from)));
  const to = Math.max(start + marked.length, from + longest);
  return {
    before: `${from > 0 ? '…' : ''}${printable(text.slice(Math.floor(from), start))}`,
    marked: printable(marked.trimEnd()),
    after: `${printable(text.slice(start + marked.trimEnd().length, to))}${text.length > to ? '…' : ''}`,
  };
}

/** As wide as a text: tabs stay tabs, because only the terminal knows how wide they are. */
function spaces(text: string): string {
  return [...text].map((char) => (char === '\t' ? '\t' : ' '.repeat(width(char)))).join('');
}

/** How many columns a terminal takes for a text: characters of East Asia and emoji take two, accents none. */
function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{Mn}|\p{Me}|\u200d|\ufe0f/u.test(char)) continue;
    const wide =
      /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
    columns += wide.test(char) ? 2 : 1;
  }
  return columns;
}
