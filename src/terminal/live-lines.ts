import { printable } from './printable.ts';

/** Something under way. */
export interface LiveEntry {
  /** What it is: a component, or several that are built together. */
  readonly name: string;
  /** How far: `1/2`. */
  readonly count: string;
  /** What it does or waits for. */
  readonly words: string;
  /** When it began, in milliseconds. */
  readonly since: number;
}

/** What a terminal has room for. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** Room for the mark before a line, and for the cursor behind it. */
const margin = 5;
/** Lines of the screen that are left to what was written before. */
const leftRows = 3;
const longestName = 24;

/** What is under way, a line each and no line longer than the terminal; what doesn't fit its height is counted. */
export function liveLines(entries: readonly LiveEntry[], { columns, rows }: Room, now: number): string[] {
  const fit = Math.max(1, rows - leftRows);
  const shown = entries.length <= fit ? entries : entries.slice(0, Math.max(1, fit - 1));
  const width = (texts: readonly string[], most: number): number =>
    Math.min(most, Math.max(0, ...texts.map((text) => text.length)));
  const nameWidth = width(
    shown.map(({ name }) => name),
    Math.min(longestName, Math.floor(columns / 3)),
  );
  const countWidth = width(
    shown.map(({ count }) => count),
    12,
  );
  const lines = shown.map(({ name, count, words, since }) => {
    const cells = [
      shorten(name, nameWidth).padEnd(nameWidth),
      ...(countWidth > 0 ? [count.padEnd(countWidth)] : []),
      secondsText(now - since).padStart(5),
      printable(words).replaceAll(/\s+/g, ' '),
    ];
    return shorten(cells.join('  '), columns - margin).trimEnd();
  });
  const left = entries.length - shown.length;
  return left === 0 ? lines : [...lines, shorten(`… and ${left} more`, columns - margin)];
}

/** `8 s`, `2:05` */
export function secondsText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A text of at most `width` characters. */
function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
