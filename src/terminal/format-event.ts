import type { ChalkInstance } from 'chalk';
import type { ChangeSummary, Event, TargetEvent } from '../events.ts';
import { printable } from './printable.ts';

/** An event as a line or several for a person; undefined where there is nothing to say. */
export function formatEvent(
  event: Exclude<Event, { type: 'problem' }>,
  style: ChalkInstance,
  target?: TargetEvent,
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
    case 'build_push':
      return undefined;
    case 'build_image':
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
      return formatEnd(event, target, style);
  }
}

/** `web 1/2 ready: The program ended with exit code 3.` */
export function formatProgress({
  component,
  ready,
  wanted,
  old,
  cause,
}: Event & { type: 'progress' }): string {
  // One that isn't a component, such as httproute/web, is there once, and named in what is said of it.
  const whole = component.includes('/');
  if (cause && whole) return printable(cause.message);
  // While those of before still serve, none that is ready is no outage.
  const number = `${ready}/${wanted} ${old ? 'renewed' : 'ready'}`;
  const count = whole ? `${component}${ready > 0 ? ' ready' : ''}` : `${component} ${number}`;
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

/** `pushing, 12.3 MB so far` */
export function formatPush({ bytes }: Event & { type: 'build_push' }): string {
  return `pushing, ${megabytes(bytes)} so far`;
}

function formatImage({ components, by, layers, bytes, image }: Event & { type: 'build_image' }): string {
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
      const what = images.length === 1 ? `${images[0]} is` : `${images.length} images are`;
      return `  ${style.yellow('!')} ${printable(`${registry} ${reason}: ${what} deployed by tag, not by digest`)}`;
    })
    .join('\n');
}

const megabytes = (bytes: number): string =>
  bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

const shortDigest = (image: string): string => image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');

/** How much of one object is told before a deploy. */
const mostChanged = 10;

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
  const rows = changes.flatMap(({ action, object, detail, changed = [] }) => {
    const [beside, below] = changed.length === 1 ? [changed[0], []] : [detail, changed];
    const text = `${signs[action]} ${beside ? `${object.padEnd(width)}  ${printable(beside)}` : object}`;
    const more = below.length - mostChanged;
    return [
      `  ${colours[action](text)}`,
      ...below.slice(0, mostChanged).map((words) => `      ${printable(words)}`),
      ...(more > 0 ? [`      and ${more} more: paas diff`] : []),
    ];
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

/** How it ended: three lines at most. What is known of where it happened makes the next command complete. */
export function formatEnd(
  { outcome, release, failed, to, seconds, addresses = [] }: Event & { type: 'end' },
  target: TargetEvent | undefined,
  style: ChalkInstance,
): string | undefined {
  const time = style.dim(`(${seconds} s)`);
  const good = (words: string): string => `${style.green('✓')} ${words} ${time}`;
  const bad = (words: string): string => `${style.red('✗')} ${words} ${time}`;
  const env = target && target.environment !== 'default' ? ` --env ${target.environment}` : '';
  const next = (command: string): string => `  ${style.dim('next:')} paas ${command}${env}`;
  const reached = addresses.length > 0 ? [`  ${addressText(addresses)}`] : [];
  const lines = (...all: readonly string[]): string => all.join('\n');
  switch (outcome) {
    case 'succeeded': {
      const back = to === undefined ? '.' : `: it brings back release ${to}.`;
      return lines(good(`Release ${release} is live${back}`), ...reached, next('status'));
    }
    case 'unchanged':
      return lines(good(`Nothing to do: release ${release} is live and everything is ready.`), ...reached);
    case 'unready': {
      const live = release === undefined ? '' : `Release ${release} is live, but not`;
      return lines(bad(`${live || 'Not'} everything is ready.`), next('status --watch'));
    }
    case 'failed':
      return lines(bad(`Release ${release} failed.`), next(`why ${release}`));
    case 'restarted':
      return good('Restarted.');
    case 'planned':
      return good('A dry run: nothing was written.');
    case 'rolled_back':
      return lines(
        bad(`Release ${failed} failed and was taken back: release ${release} is live, as release ${to} was.`),
        next(`why ${failed}`),
      );
    case 'rollback_failed':
      return lines(bad(`Release ${failed} failed, and taking it back failed too.`), next(`why ${failed}`));
    case 'scaled':
      return good('The numbers of instances are as asked for.');
    case 'deleted':
      return good('Deleted.');
    case 'stopped':
      return undefined;
    case 'absent':
      return good('It is not deployed: nothing to delete.');
  }
}

/** The first addresses; the rest counted. */
function addressText(addresses: readonly string[]): string {
  const [first = '', second] = addresses;
  if (addresses.length <= 1) return first;
  return addresses.length === 2 ? `${first}, ${second}` : `${first} and ${addresses.length - 1} more`;
}
