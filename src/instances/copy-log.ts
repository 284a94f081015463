import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type LogOptions, streamLog } from '../cluster/logs.ts';
import { outputIncomplete } from '../problems/instances.ts';
import { fail } from '../problems/problem.ts';
import { continueLog } from './continue-log.ts';

export interface CopyLogOptions {
  readonly of: Pick<LogOptions, 'namespace' | 'pod' | 'container'>;
  /** A promise holds up the reading until the chunk is taken. */
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
  /** Whether the instance is on its way out, and its log with it: that may be gone when it is read once more. */
  readonly isGoing: () => boolean;
  /** Called when the log begins to be followed (true) and when that breaks off (false). */
  readonly follows: (now: boolean) => void;
  readonly signal: AbortSignal;
}

/** How often in a row a log that breaks off is taken up again without anything new. */
const attempts = 5;
/** Milliseconds. */
const pause = 500;

/**
 * Everything that a container writes, each byte once and in order, until it has ended.
 * A followed log may end before the last words: it breaks with its connection, and the kubelet gives it up once the
 * container is gone, read to the end or not. So it is taken up where it broke, and read once more at the end. Throws a
 * PaasError where a part can no longer be had.
 */
export async function copyLog(cluster: Cluster, options: CopyLogOptions): Promise<void> {
  const { of, write, signal, isGoing, follows } = options;
  let hasEnded = false;
  const ended = options.ended.then(() => {
    hasEnded = true;
  });
  const log = continueLog();
  let isNew = false;
  const copy = async (follow: boolean): Promise<void> => {
    log.begin();
    isNew = false;
    try {
      for await (const chunk of streamLog(cluster, { ...of, follow, signal, begun: () => follows(true) })) {
        const fresh = log.take(chunk);
        if (fresh.length === 0) continue;
        isNew = true;
        await write(fresh);
      }
    } finally {
      follows(false);
    }
  };
  for (let failed = 0; !signal.aborted; ) {
    const last = hasEnded;
    const going = last && isGoing();
    try {
      await copy(!last);
      if (last) break;
      failed = 0;
    } catch (error) {
      if (signal.aborted || going) return;
      failed = isNew ? 1 : failed + 1;
      if (failed > attempts || isStatus(error, 403, 404)) throw error;
    }
    await Promise.race([ended, sleep(pause, undefined, { signal }).catch(() => {})]);
  }
  if (!signal.aborted && !isGoing() && log.isTorn()) fail(outputIncomplete(of.pod));
}
