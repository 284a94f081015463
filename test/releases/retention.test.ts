import { expect, test } from 'vitest';
import type { ReleaseOutcome } from '../../src/releases/release.ts';
import { releasesToForget } from '../../src/releases/retention.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const day = 24 * 3600 * 1000;

/** Releases by their age in days, the newest first. */
const releases = (...ages: (readonly [days: number, outcome?: ReleaseOutcome])[]) =>
  ages.map(([days, outcome = 'succeeded'], index) => ({
    summary: { number: ages.length - index, outcome, at: new Date(now - days * day).toISOString() },
  }));
const forgotten = (all: ReturnType<typeof releases>): number[] =>
  releasesToForget(all, now).map(({ summary }) => summary.number);
const many = (count: number, outcome: ReleaseOutcome = 'succeeded') =>
  Array.from({ length: count }, (_, index) => [index, outcome] as const);

test('the newest 20 are kept', () => {
  expect(forgotten(releases(...many(20)))).toEqual([]);
  expect(forgotten(releases(...many(23)))).toEqual([3, 2, 1]);
});

test('none that is older than a year; but the last 5 that succeeded whatever their age', () => {
  const old = [400, 401, 402, 403, 404, 405].map((days) => [days] as const);
  expect(forgotten(releases(...old))).toEqual([1]);
  expect(forgotten(releases([400, 'failed'], ...old))).toEqual([1]);
  expect(forgotten(releases([1], [400, 'failed'], ...old))).toEqual([7, 2, 1]);
});

test('where many failed, those that succeeded stay', () => {
  expect(forgotten(releases(...many(25, 'failed'), [30], [31]))).toEqual([7, 6, 5, 4, 3]);
});
