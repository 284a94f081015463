import type { ChalkInstance } from 'chalk';
import type { ChangeSummary, Event, TargetEvent } from '../events.ts';
import { printable, printProblems } from './print-problems.ts';
import { type Screen, styleOf } from './style.ts';

/** Shows events to a person as they come. On a terminal what is under way moves; elsewhere each line stays. */
export interface EventPrinter {
  readonly print: (event: Event) => void;
  /** Takes what moves off the screen, so that something else can be written. */
  readonly pause: () => void;
}

export async function makeEventPrinter(screen: Screen, verb: string): Promise<EventPrinter> {
  const style = styleOf(screen);
  const spinner = screen.isTTY ? await makeSpinner(screen) : undefined;
  const progress = new Map<string, string>();
  const line = (text: string): void => {
    spinner?.stop();
    screen.write(`${printable(text) === text || style.level > 0 ? text : printable(text)}\n`);
  };
  const print = (event: Event): void => {
    switch (event.type) {
      case 'target':
        return line(formatTarget(event, style));
      case 'changes':
        return line(formatChanges(event.changes, style));
      case 'lock_wait':
        return line(
          `Waiting for ${event.holder}, who is at work${event.since ? ` since ${event.since}` : ''} …`,
        );
      case 'lock_taken_over':
        return line(`Took over the lock of ${event.holder}, who is gone.`);
      case 'phase':
        return;
      case 'done':
        return line(`  ${style.green('✓')} ${past[event.action]} ${event.object}`);
      case 'progress': {
        const count = `${event.ready}/${event.wanted}`;
        const text = `${event.component} ${count} ${printable(event.message)}`;
        if (event.state === 'ready') {
          progress.delete(event.component);
          return line(`  ${style.green('✓')} ${event.component} ${count} ready`);
        }
        progress.set(event.component, text);
        if (event.state === 'failed') return line(`  ${style.red('✗')} ${text}`);
        return spinner ? spinner.show([...progress.values()].join('; ')) : line(`  … ${text}`);
      }
      case 'kept':
        return line(`  ${style.yellow('kept')} ${event.object}: ${event.reason}`);
      case 'problem':
        spinner?.stop();
        return printProblems([event.problem], screen);
      case 'end':
        spinner?.stop();
        return line(formatEnd(event, verb, style));
    }
  };
  return { print, pause: () => spinner?.stop() };
}

const past = { create: 'created', update: 'changed', scale: 'scaled', delete: 'deleted' } as const;
const marks = { create: '+', update: '~', scale: '~', delete: '-' } as const;

function formatTarget(
  { app, environment, cluster, context, server, namespace }: TargetEvent,
  style: ChalkInstance,
): string {
  const where = context === cluster ? cluster : `${cluster} (context ${context})`;
  return [
    `${style.bold(app)}  environment ${style.bold(environment)}`,
    `  cluster   ${where}  ${style.dim(server)}`,
    `  namespace ${namespace}`,
  ].join('\n');
}

function formatChanges(changes: readonly ChangeSummary[], style: ChalkInstance): string {
  if (changes.length === 0) return 'Nothing to change.';
  const width = Math.max(...changes.map(({ object }) => object.length));
  const colours = { create: style.green, update: style.yellow, scale: style.yellow, delete: style.red };
  const rows = changes.map(({ action, object, detail }) => {
    const text = `${marks[action]} ${detail ? `${object.padEnd(width)}  ${detail}` : object}`;
    return `  ${colours[action](text)}`;
  });
  return [`Changes:`, ...rows].join('\n');
}

function formatEnd(event: Event & { type: 'end' }, verb: string, style: ChalkInstance): string {
  const release = event.release === undefined ? '' : `Release ${event.release} `;
  const time = style.dim(`(${event.seconds} s)`);
  switch (event.outcome) {
    case 'succeeded':
      return `${style.green.bold('✓')} ${release}is live. ${time}`;
    case 'unchanged':
      return `${style.green.bold('✓')} ${verb === 'delete' ? 'It is not deployed; nothing to delete.' : `Nothing to do: release ${event.release} is live and ready.`} ${time}`;
    case 'deleted':
      return `${style.green.bold('✓')} Deleted. ${time}`;
    case 'failed':
      return `${style.red.bold('✗')} ${release}failed. ${time}`;
    default:
      return `${style.yellow('!')} ${event.outcome} ${time}`;
  }
}

async function makeSpinner(screen: Screen): Promise<{ show: (text: string) => void; stop: () => void }> {
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: screen as NodeJS.WriteStream, discardStdin: false, indent: 2 });
  return {
    show: (text) => {
      // One line: a spinner that wraps leaves its old lines behind.
      spinner.text = text.slice(0, Math.max(20, (screen.columns ?? 80) - 6));
      if (!spinner.isSpinning) spinner.start();
    },
    stop: () => {
      if (spinner.isSpinning) spinner.stop();
    },
  };
}
