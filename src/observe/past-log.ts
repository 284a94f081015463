import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import type { LogPlace } from './follow-log.ts';
import { compareTimes, cutAfter, type LogCut } from './log-cut.ts';
import { runOf } from './log-run.ts';
import { type LogLine, readLines } from './read-log.ts';

export interface PastOptions {
  readonly tail: number;
  /** Seconds back from now. */
  readonly since: number | undefined;
  /** Whether it is to be followed from there. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** The last lines of an instance, and where its log is followed from. */
export async function readPast(
  cluster: Cluster,
  pod: KubeObject,
  { tail, since, follow, signal }: PastOptions,
): Promise<{ readonly lines: readonly LogLine[]; readonly place: LogPlace }> {
  const run = runOf(pod);
  const done = run.ended ? run.number : run.number - 1;
  // One that is just starting is followed from its beginning.
  if (follow && run.number < 0) return { lines: [], place: { done, cut: undefined } };
  const narrow = follow && (tail === 0 || since !== undefined);
  const before = narrow ? await lastLines(cluster, pod, { tail: 1, signal }) : undefined;
  if (tail === 0) return { lines: [], place: { done, cut: before?.cut } };
  const { lines, cut } = await lastLines(cluster, pod, { tail, since, signal });
  return { lines, place: { done, cut: cut ?? before?.cut } };
}

async function lastLines(
  cluster: Cluster,
  pod: KubeObject,
  { tail, since, signal }: { tail: number; since?: number | undefined; signal: AbortSignal },
): Promise<{ lines: LogLine[]; cut: LogCut | undefined }> {
  for (let asked = tail; ; asked *= 2) {
    const lines = await existing(readLines(cluster, pod, { tail: asked, since, signal }));
    const cut = lines.reduce<LogCut | undefined>((so, { time }) => cutAfter(so, time), undefined);
    // The lines of one time are counted from the first of them, which may stand further up.
    const isWhole = lines.length < asked || !cut || compareTimes(lines[0]!.time, cut.time) < 0;
    if (isWhole) return { lines: lines.slice(-tail), cut };
  }
}

async function existing(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  try {
    return await Array.fromAsync(lines);
  } catch (error) {
    // An instance that hasn't started, or is gone, has no lines.
    if (isStatus(error, 400, 404)) return [];
    throw error;
  }
}
