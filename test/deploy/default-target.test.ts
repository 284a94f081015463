import { expect, test } from 'vitest';
import { defaultTarget } from '../../src/deploy/rollback.ts';
import type { ReleaseSummary } from '../../src/releases/release.ts';

/** `3 succeeded c`, `4 failed b back to 2`: a number, an outcome, a plan. The newest is the last. */
const target = (...lines: string[]): number | undefined => {
  const releases = lines.map((line) => {
    const [, number, outcome, plan, , to] = /^(\d+) (\w+) (\w+)( back to (\d+))?/.exec(line) ?? [];
    const summary = {
      number: Number(number),
      outcome: outcome as ReleaseSummary['outcome'],
      plan: plan ?? '',
      at: '',
      by: '',
      tool: '',
      ...(to && { rollback_to: Number(to), rollback_of: Number(number) - 1 }),
      ...(line.endsWith(' image') && { only: 'image' as const }),
    };
    return { summary };
  });
  return defaultTarget(releases.reverse())?.summary.number;
};

test('the last that succeeded before the live one', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded c')).toBe(2);
  expect(target('1 succeeded a', '2 failed b', '3 succeeded c')).toBe(1);
  expect(target('1 succeeded a')).toBeUndefined();
});

test('the same once more is nothing to go back to', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded b')).toBe(1);
});

test('where the newest failed or was interrupted: the last that succeeded', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 failed c')).toBe(2);
  expect(target('1 succeeded a', '2 succeeded b', '3 pending c')).toBe(2);
  expect(target('1 failed a', '2 failed b')).toBeUndefined();
});

test('going back twice goes back further, not forth', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded c', '4 succeeded b back to 2')).toBe(1);
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded a back to 1')).toBeUndefined();
});

test('a rollback that was interrupted goes on', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded c', '4 pending a back to 1')).toBe(1);
});

test('a part that came back is a release like others', () => {
  expect(target('1 succeeded a', '2 succeeded b', '3 succeeded c back to 1 image')).toBe(2);
});
