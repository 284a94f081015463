import { type LiveEntry, liveLines } from './live-lines.ts';
import type { Screen } from './style.ts';

/** What moves at the bottom of a terminal. */
export interface Live {
  readonly show: (entries: readonly LiveEntry[]) => void;
  readonly stop: () => void;
}

/** Where a stream doesn't say how large it is. */
const usualColumns = 80;
const usualRows = 24;
/** How often the times go on, in milliseconds. */
const tick = 1000;

/** Lines that are drawn anew where they stand. Nothing of them is left once they are stopped. */
export async function makeLive(screen: Screen): Promise<Live> {
  const { default: ora } = await import('ora');
  const stream = screen as NodeJS.WriteStream;
  const spinner = ora({ stream, discardStdin: false, prefixText: ' ', isEnabled: true });
  let entries: readonly LiveEntry[] = [];
  let lines: string[] = [];
  let ticking: NodeJS.Timeout | undefined;
  const columns = (): number => stream.columns || usualColumns;
  const draw = (): void => {
    lines = liveLines(entries, { columns: columns(), rows: stream.rows || usualRows }, Date.now());
    // The mark that turns stands before the first line only.
    spinner.text = lines.join('\n    ');
  };
  /** A line that became longer than the terminal has wrapped: what it takes beyond what was drawn goes first. */
  const resized = (): void => {
    if (!spinner.isSpinning) return;
    const wrapped = lines.reduce((sum, line) => sum + Math.ceil((line.length + 4) / columns()) - 1, 0);
    for (let row = 0; row < wrapped; row++) {
      stream.clearLine(0);
      stream.moveCursor(0, -1);
    }
    spinner.clear();
    draw();
  };
  return {
    show: (now) => {
      entries = now;
      draw();
      if (spinner.isSpinning) return;
      spinner.start();
      stream.on?.('resize', resized);
      ticking = setInterval(draw, tick);
      ticking.unref();
    },
    stop: () => {
      if (!spinner.isSpinning) return;
      spinner.stop();
      stream.off?.('resize', resized);
      clearInterval(ticking);
    },
  };
}
