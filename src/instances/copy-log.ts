import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type LogOptions, streamLog } from '../cluster/logs.ts';

export interface CopyLogOptions {
  readonly of: Pick<LogOptions, 'namespace' | 'pod' | 'container'>;
  /** A promise holds up the reading until the chunk is taken. */
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
  /** Whether the instance is on its way out, and its log with it: then that isn't read once more. */
  readonly isGoing: () => boolean;
  readonly signal: AbortSignal;
}

/** How often in a row a log that breaks off is taken up again without anything new. */
const attempts = 5;
/** Milliseconds. */
const pause = 500;

/**
 * Everything that a container writes, each byte once and in order, until it has ended.
 * A followed log may end before the last words: it breaks with its connection, and the kubelet gives it up once the
 * container is gone, read to the end or not. So it is taken up where it broke, and read once more at the end.
 */
export async function copyLog(cluster: Cluster, options: CopyLogOptions): Promise<void> {
  const { of, write, signal, isGoing } = options;
  let hasEnded = false;
  const ended = options.ended.then(() => {
    hasEnded = true;
  });
  /** Bytes. */
  let copied = 0;
  const copy = async (follow: boolean): Promise<void> => {
    let position = 0;
    for await (const chunk of streamLog(cluster, { ...of, follow, signal })) {
      const known = Math.max(0, copied - position);
      position += chunk.length;
      if (position <= copied) continue;
      copied = position;
      await write(chunk.subarray(known));
    }
  };
  for (let failed = 0; !signal.aborted; ) {
    const last = hasEnded;
    if (last && isGoing()) return;
    const before = copied;
    try {
      await copy(!last);
      if (last) return;
    } catch (error) {
      if (signal.aborted) return;
      failed = copied > before ? 0 : failed + 1;
      if (failed > attempts || isStatus(error, 403, 404)) throw error;
    }
    await Promise.race([ended, sleep(pause, undefined, { signal }).catch(() => {})]);
  }
}
