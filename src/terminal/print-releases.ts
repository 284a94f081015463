import type { ChalkInstance } from 'chalk';
import type { TargetEvent } from '../events.ts';
import { type ListedRelease, type ReleaseList, shortImage } from '../observe/releases.ts';
import { ago } from './ago.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { wrap } from './wrap.ts';

type Scaling = ReleaseList['scalings'][number];

/** The releases of an app, for a person: the newest first, a few short lines each. */
export function printReleases(target: TargetEvent, list: ReleaseList, now: number, screen: Screen): void {
  const style = styleOf(screen);
  const width = screen.columns ?? Number.POSITIVE_INFINITY;
  const { app, environment, namespace } = target;
  const lines = [`${style.bold(app)} in ${style.bold(environment)}, namespace ${namespace}`];
  if (list.freeze) {
    const words = wrap(printable(describeFreeze(list.freeze)), Math.min(width, 100), 0);
    lines.push(...words.map((line) => style.yellow(line)));
  }
  const number = Math.max(...list.releases.map((release) => String(release.number).length));
  const rows: { at: string; lines: string[] }[] = [
    ...list.releases.map((release) => ({
      at: release.at,
      lines: ofRelease(release, number, now, width, style),
    })),
    ...scalingsSince(list).map((scaling) => ({
      at: scaling.at,
      lines: fitted([ofScaling(scaling, number, now)], width),
    })),
  ];
  rows.sort((a, b) => (a.at < b.at ? 1 : -1));
  for (const row of rows) lines.push('', ...row.lines);
  if (list.more > 0)
    lines.push('', style.dim(`${list.more} more: --limit ${list.releases.length + list.more}`));
  screen.write(`${lines.join('\n')}\n`);
}

/** Those that are no older than what is shown. */
function scalingsSince({ releases, scalings, more }: ReleaseList): readonly Scaling[] {
  const oldest = releases.at(-1)?.at ?? '';
  return more === 0 ? scalings : scalings.filter(({ at }) => at >= oldest);
}

function ofRelease(
  release: ListedRelease,
  numberWidth: number,
  now: number,
  width: number,
  style: ChalkInstance,
): string[] {
  const { number, outcome, live, at, by, git } = release;
  const colour = {
    succeeded: style.green,
    failed: style.red,
    pending: style.yellow,
    interrupted: style.yellow,
  };
  const revision = git ? `  ${git.revision.slice(0, 7)}${git.dirty ? '+' : ''}` : '';
  const blank = ' '.repeat(numberWidth + 2);
  const words = describeOutcome(release);
  const head = `${String(number).padStart(numberWidth)}  `;
  const [first = ''] = fitted(
    [`${head}${words}  ${ago(now - Date.parse(at))}  ${printable(by)}${revision}`],
    width,
  );
  const marked = live ? style.bold : (text: string): string => text;
  const images = Object.entries(release.images)
    .slice(0, 4)
    .map(([component, image]) => `${component} ${shortImage(image)}`);
  const others = Object.keys(release.images).length - images.length;
  const more = [
    `${blank}${release.changed ?? 'its record can not be read'}`,
    ...(release.cause ? [`${blank}${release.cause.message} [${release.cause.code}]`] : []),
  ];
  const shown = `${images.join(', ')}${others > 0 ? `, ${others} more` : ''}`;
  return [
    `${marked(first.slice(0, head.length))}${colour[outcome](first.slice(head.length, head.length + words.length))}${first.slice(head.length + words.length)}`,
    ...fitted(more.map(printable), width),
    ...(shown === '' ? [] : fitted([`${blank}${printable(shown)}`], width).map((line) => style.dim(line))),
  ];
}

/** What became of a release, in a word or two. */
export function describeOutcome({
  outcome,
  live,
}: Pick<ListedRelease, 'outcome'> & { readonly live?: boolean }): string {
  const words = { succeeded: 'live', failed: 'failed', interrupted: 'interrupted', pending: 'under way' };
  if (live) return words[outcome];
  return { ...words, succeeded: 'succeeded', pending: 'interrupted' }[outcome];
}

function ofScaling({ by, at, changes, reset }: Scaling, numberWidth: number, now: number): string {
  const words = changes.map(({ component, from, to }) => `${component} ${from} → ${to}`).join(', ');
  const what = reset ? 'scaled back to the file' : 'scaled';
  return `${'·'.padStart(numberWidth)}  ${what}: ${words}  ${ago(now - Date.parse(at))}  ${printable(by)}`;
}

/** That nothing is to be changed, who says so and why. */
export function describeFreeze({ by, at, message }: NonNullable<ReleaseList['freeze']>): string {
  return `locked by ${by} since ${at}: ${message}`;
}

/** Lines cut to a width. */
export function fitted(lines: readonly string[], width: number): string[] {
  return lines.map((line) => (line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line));
}
