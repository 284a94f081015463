import type { ReleaseSummary } from './release.ts';

/** How many releases are kept, and for how long, in milliseconds. */
const most = 20;
const longest = 365 * 24 * 3600 * 1000;
/** So many that succeeded stay whatever their number and age: one can always go back. */
const good = 5;

/**
 * The releases (the newest first) that are forgotten: those beyond the newest 20, and those older than a year; but the
 * last 5 that succeeded stay. `now` in milliseconds.
 */
export function releasesToForget<T extends { readonly summary: Pick<ReleaseSummary, 'outcome' | 'at'> }>(
  releases: readonly T[],
  now: number,
): T[] {
  const stay = new Set(releases.filter(({ summary }) => summary.outcome === 'succeeded').slice(0, good));
  return releases.filter(
    (release, index) =>
      index > 0 && !stay.has(release) && (index >= most || now - Date.parse(release.summary.at) > longest),
  );
}
