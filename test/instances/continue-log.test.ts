import { expect, test } from 'vitest';
import { continueLog } from '../../src/instances/continue-log.ts';

/** Numbered lines, as many as make 100 kB. */
const lines = (from: number): string =>
  Array.from({ length: 10_000 }, (_, index) => `${String(from + index).padStart(9)}\n`).join('');

/** What is taken of readings, each in pieces of a size that divides nothing, and whether something is missing. */
function taken(...readings: readonly string[]): [string, boolean] {
  const log = continueLog();
  let all = '';
  for (const reading of readings) {
    log.begin();
    const bytes = Buffer.from(reading);
    for (let at = 0; at < bytes.length; at += 7_001) all += log.take(bytes.subarray(at, at + 7_001));
  }
  return [all, log.isTorn()];
}

const [one, two, three] = [lines(0), lines(10_000), lines(20_000)];

test('each byte once, however often and wherever it breaks off', () => {
  expect(taken(one.slice(0, 5), one.slice(0, 3), '', one.slice(0, 55_555), one, one)).toEqual([one, false]);
  expect(taken(one.slice(0, 7_001), one)).toEqual([one, false]);
});

test('a log that was rotated while one reading went on: nothing is missing', () => {
  expect(taken(one + two, two)).toEqual([one + two, false]);
  expect(taken(one.slice(0, 500), one + two, two.slice(-300), two.slice(-300))).toEqual([one + two, false]);
  // Rotated at its very end.
  expect(taken(one, '')).toEqual([one, false]);
});

test('one that was rotated while the connection was broken', () => {
  // The new one is shorter than what was taken, or longer: what is there in between is lost.
  expect(taken(one + two.slice(0, 40_000), three)).toEqual([one + two.slice(0, 40_000), true]);
  expect(taken(one.slice(0, 40_000), two)[1]).toBe(true);
  expect(taken(one.slice(0, 40_000), two, two)[1]).toBe(true);
});
