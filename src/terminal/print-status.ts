import type { TargetEvent } from '../events.ts';
import type { Status } from '../observe/status.ts';
import type { ScheduledStatus } from '../observe/status-of-objects.ts';
import { ago } from './ago.ts';
import { describeFreeze } from './print-releases.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { unitsByHand } from './units-by-hand.ts';
import { wrapping } from './wrap-screen.ts';

/** How an app is, for a person. */
export function printStatus(target: TargetEvent, status: Status, now: number, screen: Screen): void {
  const style = styleOf(screen);
  const { release, components, scheduled, objects } = status;
  const lines = [
    `${style.bold(target.app)} in ${style.bold(target.environment)}, cluster ${target.cluster}, namespace ${target.namespace}`,
  ];
  if (!release) {
    screen.write(`${lines[0]}\nNot deployed yet: paas deploy\n`);
    return;
  }
  const outcome = release.outcome === 'pending' ? 'under way or interrupted' : release.outcome;
  const back = release.rollback_to === undefined ? '' : ` (back to release ${release.rollback_to})`;
  lines.push(
    `release ${release.number}${back} ${outcome}, ${ago(now - Date.parse(release.at))} by ${release.by}`,
  );
  if (status.freeze) lines.push(`  ${style.yellow(printable(describeFreeze(status.freeze)))}`);
  if (release.cause)
    lines.push(`  ${style.red(printable(release.cause.message))} ${style.dim(`[${release.cause.code}]`)}`);
  if (status.hosts.length > 0) lines.push(`reached at ${printable(status.hosts.join(', '))}`);
  lines.push('');
  const width = Math.max(9, ...[...components, ...scheduled].map(({ name }) => name.length));
  // Only where something is scaled: its bounds.
  const scaled = components.some(({ autoscaler }) => autoscaler);
  const bounds = (text: string): string => (scaled ? `${text.padEnd(7)}  ` : '');
  lines.push(style.dim(`${'component'.padEnd(width)}  instances  ${bounds('scaled')}state`));
  for (const { name, ready, wanted, state, message, cause, autoscaler, sized } of components) {
    const colour = { ready: style.green, progressing: style.yellow, failed: style.red }[state];
    const words = cause
      ? `${message}${cause.message === message ? '' : `: ${cause.message}`} [${cause.code}]`
      : message;
    const count = `${ready}/${wanted}`.padEnd(9);
    const within = bounds(autoscaler ? `${autoscaler.min}–${autoscaler.max}` : '');
    lines.push(
      `${name.padEnd(width)}  ${count}  ${within}${colour(state)}${state === 'ready' ? '' : `: ${printable(words)}`}`,
    );
    if (sized) {
      lines.push(
        style.dim(
          `  ${unitsByHand(sized)} by paas scale, ${ago(now - Date.parse(sized.at))} by ${printable(sized.by)}`,
        ),
      );
    }
    if (autoscaler?.cause) {
      const { message: why, code } = autoscaler.cause;
      lines.push(
        `  ${style.yellow(`it can't be scaled as its policy says: ${printable(why)}`)} ${style.dim(`[${code}]`)}`,
      );
    }
  }
  for (const job of scheduled) {
    const colour = job.state === 'failed' ? style.red : job.state === 'stopped' ? style.yellow : style.green;
    const because = job.cause ? `: ${printable(job.cause.message)} [${job.cause.code}]` : '';
    const zone = job.time_zone ? ` ${job.time_zone}` : '';
    const when = style.dim(printable(`(${job.schedule}${zone})`));
    lines.push(
      `${job.name.padEnd(width)}  ${'by clock'.padEnd(9)}  ${bounds('')}${colour(wordsOf(job, now))}${because} ${when}`,
    );
  }
  for (const { object, state, message, cause } of objects) {
    if (state === 'ready' && !cause) continue;
    const words = cause ? `${cause.message} [${cause.code}]` : `${object}: ${message}`;
    lines.push(`  ${style.yellow(printable(words))}`);
  }
  wrapping(screen).write(`${lines.join('\n')}\n`);
}

/** What became of the last run of a scheduled job. */
function wordsOf({ state, at }: ScheduledStatus, now: number): string {
  const since = at ? `, ${ago(now - Date.parse(at))}` : '';
  switch (state) {
    case 'waiting':
      return at ? `ran${since}` : 'has not run yet';
    case 'running':
      return `runs${since.replace(',', ', begun')}`;
    case 'succeeded':
      return `ended well${since}`;
    case 'failed':
      return `failed${since}`;
    case 'stopped':
      return `suspended by somebody${at ? `; last run${since.replace(',', '')}` : ''}`;
    case 'absent':
      return 'is not there';
  }
}
