import type { ComponentStatus, Status } from '../observe/status.ts';
import type { ObjectStatus, ScheduledStatus } from '../observe/status-of-objects.ts';
import { describeFreeze } from './print-releases.ts';
import { unitsByHand } from './units-by-hand.ts';

/** What is told of, by a name under which it is known again, and how it is. */
export type NamedLine = readonly [name: string, line: string];

/** How an app is, a line for each thing that may change. Nothing in them moves with the clock alone. */
export function watchLines({ release, freeze, components, scheduled, objects, hosts }: Status): NamedLine[] {
  return [
    ['release', release ? ofRelease(release) : 'not deployed yet'],
    ...(freeze ? [['the lock', describeFreeze(freeze)] as const] : []),
    ...(hosts.length > 0 ? [['the way in', `reached at ${hosts.join(', ')}`] as const] : []),
    ...components.flatMap(ofComponent),
    ...scheduled.map((job): NamedLine => [`component ${job.name}`, ofScheduled(job)]),
    ...objects.map((one): NamedLine => [`object ${one.object}`, ofObject(one)]),
  ];
}

function ofRelease({ number, outcome, rollback_to: to, cause }: NonNullable<Status['release']>): string {
  const back = to === undefined ? '' : ` (back to release ${to})`;
  return `release ${number}${back} ${outcome}${because(cause)}`;
}

function ofComponent({
  name,
  ready,
  wanted,
  state,
  message,
  cause,
  autoscaler,
  sized,
}: ComponentStatus): NamedLine[] {
  const why = cause ? because(cause) : `: ${message}`;
  const lines: NamedLine[] = [
    [`component ${name}`, `${name} ${ready}/${wanted} ${state}${state === 'ready' ? '' : why}`],
  ];
  if (sized) {
    lines.push([
      `the size of ${name} by hand`,
      `${name} ${unitsByHand(sized)} by paas scale, by ${sized.by}`,
    ]);
  }
  if (autoscaler) {
    const trouble = autoscaler.cause ? `, and can't be as its policy says${because(autoscaler.cause)}` : '';
    const { min, max } = autoscaler;
    lines.push([`the autoscaler of ${name}`, `${name} is scaled between ${min} and ${max}${trouble}`]);
  }
  return lines;
}

function ofScheduled({ name, state, at, cause, schedule, time_zone: zone }: ScheduledStatus): string {
  const run = at ? ` (run of ${at})` : '';
  const words = {
    waiting: at ? `ran${run}` : 'has not run yet',
    running: `runs${run}`,
    succeeded: `ended well${run}`,
    failed: `failed${run}`,
    stopped: `suspended by somebody${at ? `, last${run}` : ''}`,
    absent: 'is not there',
  }[state];
  return `${name} by clock (${schedule}${zone ? ` ${zone}` : ''}) ${words}${because(cause)}`;
}

function ofObject({ object, state, message, cause }: ObjectStatus): string {
  return `${object} ${state}${cause ? because(cause) : state === 'ready' ? '' : `: ${message}`}`;
}

function because(cause: { readonly message: string; readonly code: string } | undefined): string {
  return cause ? `: ${cause.message} [${cause.code}]` : '';
}
