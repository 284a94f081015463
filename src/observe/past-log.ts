import { ApiError, isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { PaasError } from '../problems/problem.ts';
import type { LogPlace } from './follow-log.ts';
import { compareTimes, cutAfter, type LogCut } from './log-cut.ts';
import { type LogRun, runOf } from './log-run.ts';
import { type LogLine, readLines } from './read-log.ts';

export interface PastOptions {
  readonly tail: number;
  /** Seconds back from now. */
  readonly since: number | undefined;
  /** Whether it is to be followed from there. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface Past {
  readonly lines: readonly LogLine[];
  readonly place: LogPlace;
}

/** The last lines of an instance, and where its log is followed from. */
export async function readPast(
  cluster: Cluster,
  pod: KubeObject,
  { tail, since, follow, signal }: PastOptions,
): Promise<Past> {
  const run = runOf(pod);
  const done = doneOf(run);
  // One that is just starting is followed from its beginning.
  if (follow && run.number < 0) return { lines: [], place: { done, cut: undefined } };
  const narrow = follow && (tail === 0 || since !== undefined);
  const before = narrow ? await lastLines(cluster, pod, { tail: 1, signal }) : undefined;
  if (tail === 0) return { lines: [], place: { done, cut: before?.cut } };
  const { lines, cut } = await lastLines(cluster, pod, { tail, since, signal });
  return { lines, place: { done, cut: cut ?? before?.cut } };
}

/** Where the log of an instance is followed from whose past can't be read; `now` in milliseconds. */
export function fromNow(pod: KubeObject, now: number): LogPlace {
  const run = runOf(pod);
  if (run.number < 0) return { done: -1, cut: undefined };
  return { done: doneOf(run), cut: { time: new Date(now).toISOString(), lines: 1 } };
}

function doneOf({ number, ended }: LogRun): number {
  return ended ? number : number - 1;
}

async function lastLines(
  cluster: Cluster,
  pod: KubeObject,
  { tail, since, signal }: { tail: number; since?: number | undefined; signal: AbortSignal },
): Promise<{ lines: LogLine[]; cut: LogCut | undefined }> {
  for (let asked = tail; ; asked *= 2) {
    const lines = await existing((signal) => readLines(cluster, pod, { tail: asked, since, signal }), signal);
    const cut = lines.reduce<LogCut | undefined>((so, { time }) => cutAfter(so, time), undefined);
    // The lines of one time are counted from the first of them, which may stand further up.
    const isWhole = lines.length < asked || !cut || compareTimes(lines[0]!.time, cut.time) < 0;
    if (isWhole) return { lines: lines.slice(-tail), cut };
  }
}

/** How often in all a log is read that breaks off before its end. */
const attempts = 3;
/** How long the first line may take, in milliseconds: a node that is away is not waited for. */
const longestSilence = 20_000;

type Read = (signal: AbortSignal) => AsyncIterable<LogLine>;

async function existing(read: Read, signal: AbortSignal): Promise<LogLine[]> {
  for (let attempt = 1; ; attempt++) {
    const slow = new AbortController();
    const timer = setTimeout(
      () => slow.abort(new Error(`no answer within ${longestSilence / 1000} s`)),
      longestSilence,
    );
    try {
      const lines: LogLine[] = [];
      for await (const line of read(AbortSignal.any([signal, slow.signal]))) {
        clearTimeout(timer);
        lines.push(line);
      }
      return lines;
    } catch (error) {
      // An instance that hasn't started, or is gone, has no lines.
      if (isStatus(error, 400, 404)) return [];
      slow.signal.throwIfAborted();
      const broke = !(error instanceof ApiError || error instanceof PaasError);
      if (signal.aborted || !broke || attempt === attempts) throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
