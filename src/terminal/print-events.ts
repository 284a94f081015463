import type { Event, TargetEvent } from '../events.ts';
import type { CiLog } from './ci-log.ts';
import { formatEvent, formatProgress, formatPush } from './format-event.ts';
import { makeLive } from './live.ts';
import type { LiveEntry } from './live-lines.ts';
import { printProblems } from './print-problems.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { wrapping } from './wrap-screen.ts';

/** Shows events to a person as they come. On a terminal what is under way moves; elsewhere each line stays. */
export interface EventPrinter {
  readonly print: (event: Event) => void;
  /** Takes what moves off the screen, so that something else can be written. */
  readonly pause: () => void;
}

export interface PrinterOptions {
  /** Whether the terminal can draw a line anew. */
  readonly moves: boolean;
  /** The log of a CI system, where it is one. */
  readonly ci?: CiLog | undefined;
}

export async function makeEventPrinter(to: Screen, { moves, ci }: PrinterOptions): Promise<EventPrinter> {
  const screen = ci?.screen ?? wrapping(to);
  const style = styleOf(screen);
  const live = screen.isTTY && moves ? await makeLive(to) : undefined;
  /** What is under way, by component. */
  const waiting = new Map<string, LiveEntry>();
  /** What was written of it where nothing moves. */
  const said = new Map<string, string>();
  let target: TargetEvent | undefined;
  /** Whether the last line was of a build. */
  let building = false;
  const pause = (): void => live?.stop();
  const write = (event: Exclude<Event, { type: 'problem' }>): void => {
    const text = formatEvent(event, style, target);
    if (text === undefined) return;
    // What follows a build begins after an empty line.
    screen.write(building && event.type === 'changes' ? `\n${text}\n` : `${text}\n`);
    building = event.type === 'build_step' || event.type === 'build_image';
  };
  const print = (event: Event): void => {
    if (event.type === 'target') target = event;
    const entry = entryOf(event);
    if (entry && live) {
      waiting.set(entry.name, { ...entry, since: waiting.get(entry.name)?.since ?? Date.now() });
      live.show([...waiting.values()]);
      return;
    }
    const ended = endedBy(event);
    if (ended !== undefined) waiting.delete(ended);
    // What was waited for is not, from here on.
    if (['problem', 'end', 'rollback', 'phase'].includes(event.type)) waiting.clear();
    if (ci) fold(event, ci, said);
    if (event.type === 'progress') {
      const text = formatProgress(event);
      if (event.state === 'progressing' && said.get(event.component) === text) return;
      said.set(event.component, text);
    }
    if (event.type === 'build_line') {
      // Only where it is folded away.
      if (ci) screen.write(`    ${printable(event.text)}\n`);
      return;
    }
    pause();
    if (event.type === 'problem') {
      printProblems([event.problem], screen);
      ci?.annotate(event.problem);
    } else write(event);
    if (waiting.size > 0) live?.show([...waiting.values()]);
  };
  return { print, pause };
}

/** What moves while it is under way. */
function entryOf(event: Event): Omit<LiveEntry, 'since'> | undefined {
  switch (event.type) {
    case 'progress': {
      if (event.state !== 'progressing') return undefined;
      const { component: name, ready, wanted, cause, message } = event;
      return { name, count: `${ready}/${wanted}`, words: cause?.message ?? message };
    }
    case 'build_step': {
      const { step, steps } = event;
      const count = step === undefined ? '' : `${step}${steps === undefined ? '' : `/${steps}`}`;
      return { name: event.components.join(', '), count, words: event.instruction };
    }
    case 'build_push':
      return { name: event.components.join(', '), count: '', words: formatPush(event) };
    default:
      return undefined;
  }
}

function endedBy(event: Event): string | undefined {
  if (event.type === 'progress') return event.component;
  return event.type === 'build_image' ? event.components.join(', ') : undefined;
}

/** The parts of a log that fold: each build, and each phase of what is applied. */
function fold(event: Event, ci: CiLog, said: Map<string, string>): void {
  const build = 'build ';
  const at = said.get(build);
  switch (event.type) {
    case 'build_step':
    case 'build_line': {
      const name = event.components.join(', ');
      if (at !== name) ci.open(`Build ${name}`);
      said.set(build, name);
      return;
    }
    case 'build_cached':
    case 'build_push':
    case 'done':
      return;
    case 'phase':
      ci.open(`Apply ${event.phase} (${event.count})`);
      return;
    default:
      said.delete(build);
      ci.close();
  }
}
