import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, ownerName } from '../plan/names.ts';
import { feelPulse } from '../waiting/api-pulse.ts';
import { makeBell } from '../waiting/make-bell.ts';
import { makeRedactor } from '../waiting/redact.ts';
import { readNewest, type Status, statusKinds, statusList, statusOf } from './status.ts';

/** Changes that come together are one, in milliseconds. */
const together = 100;

/** How often it is looked at whether the cluster still answers, in milliseconds. */
const tick = 1_000;

export interface WatchedStatus {
  readonly status: Status;
  /** Since when the cluster's API doesn't answer, in milliseconds since 1970; undefined while it does. */
  readonly silentSince: number | undefined;
}

/** How an app is, and again whenever that changes, until the signal aborts. Nothing is asked for twice: it is told. */
export async function* watchStatus(
  cluster: Cluster,
  owner: Owner,
  signal: AbortSignal,
): AsyncGenerator<WatchedStatus> {
  const redactorOf = makeRedactor(cluster, owner.namespace);
  const records: Objects = new Map();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const bell = makeBell();
  const pulse = feelPulse(cluster, bell.ring, stop);
  let heard = performance.now();
  let isNew = false;
  let broken: unknown;
  const changed = (): void => {
    heard = performance.now();
    isNew = true;
    bell.ring();
  };
  const fail = (error: unknown): void => {
    if (!stop.aborted) broken = error;
    bell.ring();
  };
  let newRecords = false;
  const renew = (): void => {
    newRecords = true;
    changed();
  };
  const watching = watchObjects(cluster, recordList(owner), records, renew, stop).catch(fail);
  stop.addEventListener('abort', bell.ring);
  let app: Awaited<ReturnType<typeof watchApp>> | undefined;
  let told = '';
  let status: Status | undefined;
  let silentSince: number | undefined;
  try {
    app = await watchApp(cluster, owner, changed, fail, stop);
    for (;;) {
      await bell.next(tick);
      if (signal.aborted) return;
      if (broken) throw broken;
      const since = pulse.silentSince(heard);
      if ((since === undefined) !== (silentSince === undefined)) {
        silentSince = since === undefined ? undefined : Date.now() - (performance.now() - since);
        if (status) yield { status, silentSince };
      }
      if (!isNew) continue;
      await new Promise((resolve) => setTimeout(resolve, together));
      isNew = false;
      if (newRecords) {
        newRecords = false;
        app.stop();
        app = await watchApp(cluster, owner, changed, fail, stop);
        continue;
      }
      if (!app.isComplete()) continue;
      status = await statusOf(app.newest, app.objects(), redactorOf, Date.now());
      const words = JSON.stringify(status);
      if (words !== told) yield { status, silentSince };
      told = words;
    }
  } finally {
    ended.abort();
    app?.stop();
    await watching;
  }
}

/** The objects of the newest release, kept true. */
async function watchApp(
  cluster: Cluster,
  owner: Owner,
  ring: () => void,
  fail: (error: unknown) => void,
  signal: AbortSignal,
) {
  const newest = await readNewest(cluster, owner);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const kinds = newest.plan ? statusKinds(newest.plan) : [];
  const objects = kinds.map((): Objects => new Map());
  const complete = new Set<number>();
  for (const [index, kind] of kinds.entries()) {
    const changed = (): void => {
      if (stop.aborted) return;
      complete.add(index);
      ring();
    };
    watchObjects(cluster, statusList(owner, kind), objects[index]!, changed, stop).catch((error) => {
      if (stop.aborted) return;
      if (kind.optional && isStatus(error, 403)) changed();
      else fail(error);
    });
  }
  if (kinds.length === 0) ring();
  return {
    newest,
    objects: () => objects.flatMap((map) => [...map.values()]),
    isComplete: () => complete.size === kinds.length,
    stop: () => ended.abort(),
  };
}

/** Releases, and whether nothing may be changed: without what is in them. */
function recordList(owner: Owner) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: owner.namespace,
    labelSelector: `${labelKeys.owner}=${ownerName(owner.app, owner.environment)},${labelKeys.record} in (release,freeze)`,
    metadataOnly: true,
  };
}
