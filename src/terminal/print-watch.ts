import type { TargetEvent } from '../events.ts';
import type { WatchedStatus } from '../observe/watch-status.ts';
import { printStatus } from './print-status.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { watchLines } from './watch-lines.ts';
import { wrapLine } from './wrap-screen.ts';

/** A terminal by its size. */
type Terminal = Screen & { readonly rows?: number };

/** Shows how an app is each time it changes. */
export interface WatchPrinter {
  readonly print: (watched: WatchedStatus) => void;
  /** The same once more, as after the terminal has another size, or time has gone by. */
  readonly again: () => void;
}

/** On a terminal: in the place of what was shown before. */
export function drawnWatch(target: TargetEvent, screen: Terminal): WatchPrinter {
  let shown: string[] = [];
  let last: WatchedStatus | undefined;
  const draw = (): void => {
    if (!last) return;
    let text = '';
    const { isTTY = false } = screen;
    const paper: Screen = {
      isTTY,
      columns: screen.columns || 80,
      hasColors: () => screen.hasColors?.() ?? false,
      write: (more) => {
        text += more;
      },
    };
    const { status, silentSince } = last;
    printStatus(target, status, Date.now(), paper);
    if (silentSince !== undefined) {
      const since = new Date(silentSince).toTimeString().slice(0, 8);
      const words = `the cluster's API hasn't answered since ${since}: this is how it was then`;
      paper.write(`${styleOf(screen).yellow('!')} ${words}\n`);
    }
    const columns = Math.max(20, screen.columns || 80);
    const fit = Math.max(3, (screen.rows || 24) - 1);
    const lines = text
      .trimEnd()
      .split('\n')
      .flatMap((line) => wrapLine(line, columns).split('\n'));
    const left = lines.length - fit;
    const next = left > 0 ? [...lines.slice(0, fit - 1), `… and ${left + 1} more lines`] : lines;
    // Lines that were longer than the terminal is now have wrapped.
    const up = shown.reduce((rows, line) => rows + Math.max(1, Math.ceil(seen(line) / columns)), 0);
    screen.write(`${up > 0 ? `\u001b[${up}A\r` : ''}\u001b[0J${next.join('\n')}\n`);
    shown = next;
  };
  return {
    print: (watched) => {
      last = watched;
      draw();
    },
    again: draw,
  };
}

/** In a pipe: a line for each change. `clock`: the time of day. */
export function linedWatch(screen: Screen, clock: () => string): WatchPrinter {
  const told = new Map<string, string>();
  let wasSilent = false;
  return {
    print: ({ status, silentSince }) => {
      const isSilent = silentSince !== undefined;
      if (isSilent !== wasSilent)
        screen.write(`${clock()} the cluster's API ${isSilent ? "doesn't answer" : 'answers again'}\n`);
      wasSilent = isSilent;
      const lines = watchLines(status);
      for (const [name] of told) {
        if (!lines.some(([one]) => one === name)) {
          told.delete(name);
          screen.write(`${clock()} ${printable(name)} is gone\n`);
        }
      }
      for (const [name, line] of lines) {
        if (told.get(name) !== line) screen.write(`${clock()} ${printable(line)}\n`);
        told.set(name, line);
      }
    },
    again: () => {},
  };
}

function seen(text: string): number {
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
