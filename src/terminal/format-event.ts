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
    case 'differences':
      return formatDifferences(event, style);
    case 'warning':
      return `  ${style.yellow('!')} ${printable(event.message)}`;
    case 'rollback':
      return `\nRelease ${event.failed} failed: release ${event.to} comes back (to keep what is there: --on-failure keep).`;
    case 'build_step':
      return `  ${style.dim('·')} ${printable(formatStep(event))}`;
    case 'build_cached':
    case 'build_line':
    case 'push':
      return undefined;
    case 'image':
      return `  ${style.green('✓')} ${formatImage(event)} ${style.dim(`(${event.seconds} s)`)}`;
    case 'images':
      return formatUnresolved(event, style);
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

/** `web 3/8 RUN npm ci` */
export function formatStep({ components, instruction, step, steps }: Event & { type: 'build_step' }): string {
  const place = step === undefined ? '' : ` ${step}${steps === undefined ? '' : `/${steps}`}`;
  return cut(`${components.join(', ')}${place} ${instruction}`);
}

/** Columns of a step: a RUN of many lines would hide what comes before and after it. */
const stepWidth = 96;

const cut = (text: string): string => (text.length > stepWidth ? `${text.slice(0, stepWidth - 1)}…` : text);

/** `web pushing 12.3 MB` */
export function formatPush({ components, bytes }: Event & { type: 'push' }): string {
  return `${components.join(', ')} pushing ${megabytes(bytes)}`;
}

function formatImage({ components, by, layers, bytes, image }: Event & { type: 'image' }): string {
  const { pushed, mounted, there } = layers;
  const sent =
    pushed === 0
      ? 'nothing to push'
      : `${pushed} of ${pushed + mounted + there} layers pushed, ${megabytes(bytes)}`;
  return `${components.join(', ')} built by ${by}, ${sent}: ${printable(shortDigest(image))}`;
}

/** Only what can't be pinned is told: by its tag another image may run tomorrow. */
function formatUnresolved(
  { unresolved }: Event & { type: 'images' },
  style: ChalkInstance,
): string | undefined {
  if (unresolved.length === 0) return undefined;
  return unresolved
    .map(({ registry, reason, images }) => {
      const what = images.length === 1 ? images[0] : `${images.length} images`;
      return `  ${style.yellow('!')} ${printable(`${registry} ${reason}: ${what} is deployed by its tag, not by a digest`)}`;
    })
    .join('\n');
}

const megabytes = (bytes: number): string =>
  bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const shortDigest = (image: string): string => image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');

const past = {
  create: 'created',
  update: 'changed',
  recreate: 'made again',
  scale: 'scaled',
  delete: 'deleted',
  restart: 'restarting',
} as const;
const signs = { create: '+', update: '~', recreate: '±', scale: '~', delete: '-' } as const;
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
    recreate: style.red,
    scale: style.yellow,
    delete: style.red,
  };
  const rows = changes.map(({ action, object, detail }) => {
    const text = `${signs[action]} ${detail ? `${object.padEnd(width)}  ${detail}` : object}`;
    return `  ${colours[action](text)}`;
  });
  return ['What changes:', ...rows, ''].join('\n');
}

function formatDifferences(
  { release, differences }: Event & { type: 'differences' },
  style: ChalkInstance,
): string | undefined {
  if (differences.length === 0) return undefined;
  const rows = differences.map(
    ({ component, object, field, words }) =>
      `  ${style.bold(field === '' ? object : (component ?? object))}: ${printable(words)}`,
  );
  const head = release === undefined ? 'What is other:' : `What comes back from release ${release}:`;
  return [head, ...new Set(rows), ''].join('\n');
}

function formatEnd(
  { outcome, release, failed, to, seconds }: Event & { type: 'end' },
  style: ChalkInstance,
): string | undefined {
  const time = style.dim(`(${seconds} s)`);
  switch (outcome) {
    case 'succeeded':
      if (to !== undefined)
        return `${style.green('✓')} Release ${release} is live: it brings back release ${to}. ${time}`;
      return `${style.green('✓')} Release ${release} is live. ${time}`;
    case 'unchanged':
      return `${style.green('✓')} Nothing to do: release ${release} is live and everything is ready. ${time}`;
    case 'unready':
      if (release === undefined) return `${style.red('✗')} Not everything is ready. ${time}`;
      return `${style.red('✗')} Release ${release} is live, but not everything is ready. ${time}`;
    case 'failed':
      return `${style.red('✗')} Release ${release} failed. ${time}`;
    case 'restarted':
      return `${style.green('✓')} Restarted. ${time}`;
    case 'planned':
      return `${style.green('✓')} A dry run: nothing was written. ${time}`;
    case 'rolled_back':
      return `${style.red('✗')} Release ${failed} failed and was taken back: release ${release} is live, as release ${to} was. Why: paas why ${failed} ${time}`;
    case 'rollback_failed':
      return `${style.red('✗')} Release ${failed} failed, and taking it back failed too. ${time}`;
    case 'scaled':
      return `${style.green('✓')} The numbers of instances are as asked for. ${time}`;
    case 'deleted':
      return `${style.green('✓')} Deleted. ${time}`;
    case 'stopped':
      return undefined;
    case 'absent':
      return `${style.green('✓')} It is not deployed: nothing to delete. ${time}`;
  }
}
