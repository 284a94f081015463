import { expect, test } from 'vitest';
import { beyondCut, compareTimes, cutAfter, type LogCut } from '../../src/observe/log-cut.ts';

const at = (second: number): string => `2026-11-22T10:00:0${second}.000000000Z`;
const cutOf = (...seconds: number[]): LogCut | undefined =>
  seconds.map(at).reduce<LogCut | undefined>(cutAfter, undefined);
/** What is shown of a log that is read again, after `shown` was. */
const beyond = (shown: number[], again: number[]): number[] => {
  const isNew = beyondCut(cutOf(...shown));
  return again.filter((second) => isNew(at(second)));
};

test('a log that is taken up again goes on after the last line that was read', () => {
  expect(beyond([], [1, 2])).toEqual([1, 2]);
  expect(beyond([1, 2], [1, 2, 3])).toEqual([3]);
  expect(beyond([2], [1, 2])).toEqual([]);
});

test('lines of the same time: as many as were read are left out', () => {
  expect(beyond([1, 1, 1], [1, 1, 1, 1, 1])).toEqual([1, 1]);
});

test('lines with earlier times than those before them: neither lost nor shown twice', () => {
  expect(beyond([1, 3, 2], [1, 3, 2, 2, 1, 4])).toEqual([2, 1, 4]);
  expect(beyond([1, 3, 2, 3], [1, 3, 2, 3, 3])).toEqual([3]);
  expect(beyond([3], [3, 1, 2])).toEqual([1, 2]);
});

test('a log that was rotated since begins after the cut', () => {
  expect(beyond([1, 2, 2], [3, 1, 4])).toEqual([3, 1, 4]);
});

test('times are compared as moments: by zone, and to the nanosecond', () => {
  // The last hour of summer time comes twice.
  expect(compareTimes('2026-10-25T02:59:59.0+02:00', '2026-10-25T02:00:00.0+01:00')).toBeLessThan(0);
  expect(compareTimes('2026-10-25T02:00:00+01:00', '2026-10-25T01:00:00.000000000Z')).toBe(0);
  expect(compareTimes('2026-10-25T01:00:00.000000009Z', '2026-10-25T01:00:00.00000001Z')).toBeLessThan(0);
  expect(compareTimes('', at(1))).toBeLessThan(0);
});
