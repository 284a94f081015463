import type { Screen } from './style.ts';

/** A terminal on which long lines break between words; anything else, where others count on lines, as it is. */
export function wrapping(screen: Screen): Screen {
  if (!screen.isTTY) return screen;
  return {
    isTTY: true,
    hasColors: () => screen.hasColors?.() ?? false,
    write: (text) =>
      screen.write(
        text
          .split('\n')
          .map((line) => wrapLine(line, Math.max(20, screen.columns || 80)))
          .join('\n'),
      ),
  };
}

/** What a line begins with, and those that go on from it too: its indentation, and the bar of what a program wrote. */
const start = /^( *)((?:\u001b\[[0-9;]*m)*[|✓✗…!](?:\u001b\[[0-9;]*m)* )?/;
/** Lines of a source, with what is marked in them, stay as they are. */
const ofSource = /^(?:\u001b\[[0-9;]*m)* *\d* \|/;

/** A line in lines of at most `columns` characters that are seen. */
export function wrapLine(line: string, columns: number): string {
  if (seen(line) <= columns || (ofSource.test(line) && !/^ {2}\S*\|/.test(line))) return line;
  const [, indent = '', mark = ''] = start.exec(line) ?? [];
  const next = /\|/.test(mark) ? `${indent}${mark}` : `${indent}${' '.repeat(seen(mark) || 2)}`;
  const lines: string[] = [];
  let current = '';
  for (const word of line.slice(indent.length + mark.length).split(' ')) {
    const begun = current === '' ? (lines.length === 0 ? indent + mark : next) : `${current} `;
    if (current !== '' && seen(begun) + seen(word) > columns) {
      lines.push(current);
      current = next + word;
    } else current = begun + word;
  }
  return [...lines, current].join('\n');
}

function seen(text: string): number {
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
