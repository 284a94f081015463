import { expect, test } from 'vitest';
import { type LiveEntry, liveLines, secondsText } from '../../src/terminal/live-lines.ts';
import { wrapLine } from '../../src/terminal/wrap-screen.ts';

const entries = (count: number): LiveEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `component-with-a-long-name-${index}`,
    count: '0/1',
    words: `It runs, but isn't ready:\nits probe got ${'x'.repeat(index)}`,
    since: 0,
  }));

test('no line is longer than the terminal, and there are no more than it has room for', () => {
  for (const columns of [40, 60, 80, 120]) {
    for (const rows of [4, 8, 24]) {
      const lines = liveLines(entries(30), { columns, rows }, 65_000);
      expect(Math.max(...lines.map((line) => line.length + 4))).toBeLessThan(columns);
      expect(lines.length).toBeLessThanOrEqual(Math.max(2, rows - 3));
      expect(lines.at(-1)).toMatch(/^… and \d+ more$|component/);
      expect(lines.join('')).not.toContain('\n');
    }
  }
  const few = liveLines(entries(2), { columns: 80, rows: 24 }, 65_000);
  expect(few).toEqual([
    "component-with-a-long-n…  0/1   65 s  It runs, but isn't ready: its probe …",
    "component-with-a-long-n…  0/1   65 s  It runs, but isn't ready: its probe …",
  ]);
});

test('a length of time', () => {
  expect([0, 8_900, 99_000, 125_000].map(secondsText)).toEqual(['0 s', '8 s', '99 s', '2:05']);
});

test('long lines break between words, behind the bar of what a program wrote; lines of a source do not', () => {
  expect(wrapLine('  hint: one two three four', 20)).toBe('  hint: one two\n    three four');
  expect(wrapLine('  | fatal: cannot reach db', 20)).toBe('  | fatal: cannot\n  | reach db');
  expect(wrapLine('12 |   image: registry.example.com/shop', 20)).toBe(
    '12 |   image: registry.example.com/shop',
  );
});
