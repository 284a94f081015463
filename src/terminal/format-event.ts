import type { ChalkInstance } from 'chalk';
import type { ChangeSummary, Event, TargetEvent } from '../events.ts';
import { printable } from './printable.ts';

/** An event as a line or several for a person; undefined where there is nothing to say. */
export function formatEvent(
  event: Exclude<Event, { type: 'problem' }>,
  style: ChalkInstance,
): string | undefined {
  switch (event.type) {
    case 'target':
      return formatTarget(event, style);
    case 'changes':
      return formatChanges(event.changes, style);
    case 'lock_wait':
      return `  … waiting for ${printable(event.holder)}, who is at work${event.since ? ` since ${event.since}` : ''}`;
    case 'lock_taken_over':
      return `  took over from ${printable(event.holder)}, who no longer renews the lock`;
    case 'ending':
      return `  … waiting until ${event.objects.join(', ')} is gone`;
    case 'phase':
      return undefined;
    case 'done':
      return `  ${style.green('✓')} ${past[event.action]} ${event.object}`;
    case 'progress':
      return `  ${marks[event.state](style)} ${formatProgress(event)}`;
    case 'cluster_silent':
      return `  … the cluster's API doesn't answer; this is no fault of the app, and is waited out`;
    case 'cluster_back':
      return `  the cluster's API answers again, after ${event.seconds} s`;
    case 'kept':
      return `  ${style.yellow('!')} kept ${event.object}: ${printable(event.reason)}`;
    case 'end':
      return formatEnd(event, style);
  }
}

/** `web 1/2 ready: The program ended with exit code 3.` */
export function formatProgress({ component, ready, wanted, cause }: Event & { type: 'progress' }): string {
  const count = `${component} ${ready}/${wanted} ready`;
  return cause ? `${count}: ${printable(cause.message)}` : count;
}

const past = {
  create: 'created',
  update: 'changed',
  scale: 'scaled',
  delete: 'deleted',
  restart: 'restarting',
} as const;
const signs = { create: '+', update: '~', scale: '~', delete: '-' } as const;
const marks = {
  ready: (style: ChalkInstance) => style.green('✓'),
  progressing: () => '…',
  failed: (style: ChalkInstance) => style.red('✗'),
};

function formatTarget(target: TargetEvent, style: ChalkInstance): string {
  const { app, environment, cluster, context, server, namespace } = target;
  const where = context === cluster ? cluster : `${cluster} (context ${context})`;
  return [
    `${style.bold(app)} in environment ${style.bold(environment)}`,
    `  cluster   ${where} ${style.dim(server)}`,
    `  namespace ${namespace}`,
    '',
  ].join('\n');
}

function formatChanges(changes: readonly ChangeSummary[], style: ChalkInstance): string {
  if (changes.length === 0) return 'Nothing to change.';
  const width = Math.max(...changes.map(({ object }) => object.length));
  const colours = {
    create: style.green,
    update: style.yellow,
    scale: style.yellow,
    delete: style.red,
  };
  const rows = changes.map(({ action, object, detail }) => {
    const text = `${signs[action]} ${detail ? `${object.padEnd(width)}  ${detail}` : object}`;
    return `  ${colours[action](text)}`;
  });
  return ['What changes:', ...rows, ''].join('\n');
}

function formatEnd(
  { outcome, release, seconds }: Event & { type: 'end' },
  style: ChalkInstance,
): string | undefined {
  const time = style.dim(`(${seconds} s)`);
  switch (outcome) {
    case 'succeeded':
      return `${style.green('✓')} Release ${release} is live. ${time}`;
    case 'unchanged':
      return `${style.green('✓')} Nothing to do: release ${release} is live and everything is ready. ${time}`;
    case 'unready':
      return `${style.red('✗')} Release ${release} is live, but not everything is ready. ${time}`;
    case 'failed':
      return `${style.red('✗')} Release ${release} failed. ${time}`;
    case 'restarted':
      return `${style.green('✓')} Restarted. ${time}`;
    case 'planned':
      return `${style.green('✓')} A dry run: nothing was written. ${time}`;
    case 'deleted':
      return `${style.green('✓')} Deleted. ${time}`;
    case 'stopped':
      return undefined;
    case 'absent':
      return `${style.green('✓')} It is not deployed: nothing to delete. ${time}`;
  }
}
