import type { Event } from '../events.ts';
import { formatEvent, formatProgress, formatPush, formatStep } from './format-event.ts';
import { printProblems } from './print-problems.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** Shows events to a person as they come. On a terminal what is under way moves; elsewhere each line stays. */
export interface EventPrinter {
  readonly print: (event: Event) => void;
  /** Takes what moves off the screen, so that something else can be written. */
  readonly pause: () => void;
}

export async function makeEventPrinter(screen: Screen): Promise<EventPrinter> {
  const style = styleOf(screen);
  const spinner = screen.isTTY ? await makeSpinner(screen) : undefined;
  /** What is under way, by component. */
  const waiting = new Map<string, string>();
  /** Whether the last line was of a build: what follows it begins after an empty one. */
  let building = false;
  const pause = (): void => spinner?.stop();
  const print = (event: Event): void => {
    if (event.type === 'progress') {
      const text = formatProgress(event);
      const said = waiting.get(event.component) === text;
      if (event.state === 'progressing') {
        waiting.set(event.component, text);
        if (spinner) spinner.show([...waiting.values()].join(', '));
        if (spinner || said) return;
      } else waiting.delete(event.component);
    }
    if (spinner && (event.type === 'build_step' || event.type === 'push')) {
      // On a terminal a build is one line that moves.
      const text = event.type === 'push' ? formatPush(event) : formatStep(event);
      waiting.set(event.components.join(), printable(text));
      spinner.show([...waiting.values()].join(', '));
      return;
    }
    if (event.type === 'build_line' || event.type === 'build_cached' || event.type === 'push') return;
    if (event.type === 'image') waiting.delete(event.components.join());
    pause();
    if (event.type === 'problem') printProblems([event.problem], screen);
    else {
      const text = formatEvent(event, style);
      if (text !== undefined) {
        const ofBuild = event.type === 'build_step' || event.type === 'image';
        screen.write(building && event.type === 'changes' ? `\n${text}\n` : `${text}\n`);
        building = ofBuild;
      }
    }
    if (waiting.size > 0) spinner?.show([...waiting.values()].join(', '));
  };
  return { print, pause };
}

async function makeSpinner(screen: Screen): Promise<{ show: (text: string) => void; stop: () => void }> {
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: screen as NodeJS.WriteStream, discardStdin: false, prefixText: ' ' });
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
