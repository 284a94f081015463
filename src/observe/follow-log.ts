import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { PaasError } from '../problems/problem.ts';
import { beyondCut, cutAfter, type LogCut } from './log-cut.ts';
import { runOf } from './log-run.ts';
import { type LogLine, readLines } from './read-log.ts';

/** How far an instance's log was read; moves with each line. */
export interface LogPlace {
  /** The newest run that was read to its end; -1 where none was. */
  done: number;
  /** Undefined where nothing was read. */
  cut: LogCut | undefined;
}

export interface FollowOptions {
  /** The instance as it is now; undefined once it is gone. */
  readonly pod: () => KubeObject | undefined;
  readonly place: LogPlace;
  /** Called with what holds up the reading, each time that it is tried. */
  readonly hindered: (error: unknown) => void;
  /** Ends the connection that stands, to take the log up again on another. */
  readonly connection: () => AbortSignal;
  readonly signal: AbortSignal;
}

/** Before a log that broke off is taken up again, in milliseconds. */
const pause = 500;
/** Programs write from several threads: how far times in a log may go back, in milliseconds. */
const disorder = 60_000;

/**
 * What an instance writes from `place` on, each line once, through all runs of its program, until the newest has ended
 * or the instance is gone. Its log is taken up again wherever it breaks off; only a lasting refusal is thrown.
 */
export async function* followLog(cluster: Cluster, options: FollowOptions): AsyncGenerator<LogLine> {
  const { pod, place, hindered, connection, signal } = options;
  while (!signal.aborted) {
    const now = pod();
    const run = now && runOf(now);
    if (!run || run.number <= place.done) return;
    // A run may begin and end before anybody saw it.
    const previous = run.hasPrevious && run.number - 1 > place.done;
    const follow = !previous && !run.ended;
    const isNew = beyondCut(place.cut);
    try {
      const from = { sinceTime: place.cut && sinceTimeOf(place.cut), previous, follow };
      for await (const line of readLines(cluster, now, {
        ...from,
        signal: AbortSignal.any([signal, connection()]),
      })) {
        if (!isNew(line.time)) continue;
        place.cut = cutAfter(place.cut, line.time);
        yield line;
      }
      if (!follow) {
        place.done = previous ? run.number - 1 : run.number;
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isLasting(error)) throw error;
      if (!isStatus(error, 400, 404)) hindered(error);
      else if (!follow) {
        // The log of a run that is over may be gone before its instance is.
        place.done = previous ? run.number - 1 : run.number;
        continue;
      }
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

/** Whether trying again can't help. */
export function isLasting(error: unknown): boolean {
  return (
    isStatus(error, 403) ||
    (error instanceof PaasError && error.problems.some(({ code }) => lasting.has(code)))
  );
}

const lasting = new Set(['login-expired', 'login-failed', 'cluster-untrusted']);

function sinceTimeOf({ time }: LogCut): string {
  return new Date(Date.parse(time) - disorder).toISOString().replace(/\.\d+/, '');
}
