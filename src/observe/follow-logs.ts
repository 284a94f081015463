import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ListOptions } from '../cluster/objects.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import { PaasError } from '../problems/problem.ts';
import { feelPulse } from '../waiting/api-pulse.ts';
import { makeBell } from '../waiting/make-bell.ts';
import { followLog, isLasting, type LogPlace } from './follow-log.ts';
import { type LogNotice, reasonOf } from './log-notice.ts';
import { runOf } from './log-run.ts';
import type { LogLine } from './read-log.ts';

/** How often it is looked at whether the cluster still answers, in milliseconds. */
const tick = 1_000;
/** Before a watch that failed is begun again, in milliseconds. */
const pause = 500;

/** What all instances write from now on, those that are yet to come too. `places`: how far each was read, by uid. */
export async function* followLogs(
  cluster: Cluster,
  which: ListOptions,
  places: Map<string, LogPlace>,
  { tell, signal }: { readonly tell: (notice: LogNotice) => void; readonly signal: AbortSignal },
): AsyncGenerator<LogLine> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const bell = makeBell();
  const pulse = feelPulse(cluster, bell.ring, stop);
  const pods: Objects = new Map();
  const queue: LogLine[] = [];
  const followed = new Set<string>();
  const unreadable = new Set<string>();
  let connection = new AbortController();
  let heard = performance.now();
  let silent: number | undefined;
  let broken: unknown;
  const hear = (): void => {
    heard = performance.now();
    bell.ring();
  };
  const give = (error: unknown): void => {
    broken ??= error;
    bell.ring();
  };
  const follow = async (uid: string, instance: string, place: LogPlace): Promise<void> => {
    const lines = followLog(cluster, {
      pod: () => pods.get(uid),
      place,
      hindered: (error) => {
        // Where a connection broke it is just made again, and of a cluster that is away another word is said.
        const isOwn = error instanceof ApiError || (error instanceof PaasError && silent === undefined);
        if (!isOwn || unreadable.has(uid)) return;
        unreadable.add(uid);
        tell({ type: 'unreadable', instance, reason: reasonOf(error) });
      },
      connection: () => connection.signal,
      signal: stop,
    });
    for await (const line of lines) {
      unreadable.delete(uid);
      queue.push(line);
      hear();
    }
  };
  const followAll = (): void => {
    for (const [uid, pod] of pods) {
      const place = places.get(uid) ?? { done: -1, cut: undefined };
      places.set(uid, place);
      if (followed.has(uid) || runOf(pod).number <= place.done) continue;
      followed.add(uid);
      follow(uid, pod.metadata.name, place)
        .catch(give)
        .finally(() => {
          followed.delete(uid);
          // The next run may have begun meanwhile.
          if (!stop.aborted) followAll();
        });
    }
  };
  const changed = (): void => {
    hear();
    followAll();
  };
  const watch = async (): Promise<void> => {
    while (!stop.aborted) {
      try {
        await watchObjects(cluster, which, pods, changed, AbortSignal.any([stop, connection.signal]));
      } catch (error) {
        if (isLasting(error)) throw error;
        await sleep(pause, undefined, { signal: stop }).catch(() => {});
      }
    }
  };
  watch().catch(give);
  signal.addEventListener('abort', bell.ring, { once: true });
  try {
    for (;;) {
      await bell.next(tick);
      for (const line of queue.splice(0)) {
        if (signal.aborted) return;
        yield line;
      }
      if (signal.aborted) return;
      if (broken) throw broken;
      const since = pulse.silentSince(heard);
      if (silent === undefined && since !== undefined) tell({ type: 'cluster_silent' });
      if (silent !== undefined && since === undefined) {
        tell({ type: 'cluster_back', seconds: Math.round((performance.now() - silent) / 1000) });
        // What stood before may be dead without having been told so.
        connection.abort();
        connection = new AbortController();
      }
      silent = since;
    }
  } finally {
    ended.abort();
  }
}
