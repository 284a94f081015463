import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { createObject, deleteObject, getObject, replaceObject } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { lockName, managerName, prefix } from '../plan/names.ts';
import { locked, lockLost } from '../problems/deploy.ts';
import { fail, type Problem } from '../problems/problem.ts';

// One deploy at a time: a Lease that its holder renews, and that anybody may take once it isn't renewed any more.

/** Milliseconds. */
const duration = 15_000;
const renewEvery = 5_000;
const lookEvery = 1_000;
const holderKey = `${prefix}/holder`;

/** A process that holds the lock, well enough described to tell whether it still lives. */
export interface Holder {
  /** Of this run alone. */
  readonly id: string;
  /** user@host, for people. */
  readonly name: string;
  readonly pid: number;
  /** When the process began, as its kernel counts. */
  readonly started: string;
  /** The running system and pid namespace: only there a pid means something. */
  readonly boot: string;
  readonly pidNamespace: string;
}

export interface LockOptions {
  readonly holder: Holder;
  /** Whether that process can't be alive any more. Only sure knowledge counts. */
  readonly isGone: (holder: Holder) => boolean;
  /** Milliseconds for which to wait for somebody else. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** That it was free a moment ago: then it is taken without another look. Whoever was faster keeps it. */
  readonly free?: FreeLock | undefined;
}

/** A lock that nobody has. */
export interface FreeLock {
  /** As it was left; undefined where it was never taken. */
  readonly lease: KubeObject | undefined;
}

/** The lock, where nobody has it; undefined where somebody has, or where that can't be told. */
export async function readFreeLock(cluster: Cluster, owner: Owner): Promise<FreeLock | undefined> {
  try {
    const lease = await getObject(cluster, leaseRef(owner));
    return lease?.spec?.holderIdentity ? undefined : { lease };
  } catch {
    // Taking it asks again, and tells.
    return undefined;
  }
}

export interface Lock {
  /**
   * To be called before each write. Where it may be somebody else's by now, because it couldn't be renewed in time, it
   * is asked for first: what is still ours goes on. Throws a PaasError (`lock-lost`) where it is not, and what kept the
   * cluster from answering where that can't be known.
   */
  readonly check: () => Promise<void>;
  readonly release: () => Promise<void>;
  /** The same, where nothing of the app is to be left. */
  readonly remove: () => Promise<void>;
}

/** Takes the lock, waiting for whoever holds it. Throws a PaasError (`locked`) when it isn't to be had in time. */
export async function* takeLock(
  cluster: Cluster,
  owner: Owner,
  options: LockOptions,
): AsyncGenerator<Event, Lock> {
  const reading: Cluster = { ...cluster, signal: options.signal };
  const begun = moment();
  let seen: { renewTime: string; at: Moment; id: string } | undefined;
  let told = false;
  for (let { free } = options; ; free = undefined) {
    options.signal.throwIfAborted();
    // Where somebody was faster after all, it can't be written, and is read.
    const lease = free ? free.lease : await getObject(reading, leaseRef(owner));
    const id: string = lease?.spec?.holderIdentity ?? '';
    const renewTime: string = lease?.spec?.renewTime ?? '';
    if (!seen || seen.renewTime !== renewTime || seen.id !== id) seen = { renewTime, at: moment(), id };
    const other = id === '' || id === options.holder.id ? undefined : readHolder(lease);
    const expired = since(seen.at) > duration;
    if (!other || expired || options.isGone(other)) {
      const asked = moment();
      const taken = await write(cluster, owner, options.holder, lease);
      if (taken) {
        if (other) yield { type: 'lock_taken_over', holder: other.name };
        return keep({ ...cluster, timeout: renewEvery }, owner, options.holder, taken, asked);
      }
      continue;
    }
    if (!told) yield { type: 'lock_wait', holder: other.name, since: lease?.spec?.acquireTime ?? '' };
    told = true;
    if (since(begun) > options.patience) fail(locked(other.name, lease?.spec?.acquireTime ?? ''));
    await sleep(lookEvery, undefined, { signal: options.signal });
  }
}

/** `asked`: when that was written at the earliest. From then on others count. */
function keep(cluster: Cluster, owner: Owner, holder: Holder, taken: KubeObject, asked: Moment): Lock {
  let lease = taken;
  let renewed = asked;
  let lost: Problem | undefined;
  let renewing: Promise<void> | undefined;
  const isSure = (): boolean => !lost && since(renewed) <= duration;
  /** The lease where it is still ours. */
  const readOwn = async (): Promise<KubeObject | undefined> => {
    const found = await getObject(cluster, leaseRef(owner));
    if (found?.spec?.holderIdentity === holder.id) return found;
    lost = lockLost(found && readHolder(found).name);
    return undefined;
  };
  const renew = async (): Promise<void> => {
    // Too late: it may be somebody else's by now, and isn't written before it was seen.
    let own = isSure() ? lease : await readOwn();
    while (own && !lost) {
      const now = moment();
      // Only as it was seen: whoever else has written it in between keeps it.
      const next = await write(cluster, owner, holder, own);
      if (next) {
        [lease, renewed] = [next, now];
        return;
      }
      // A write of ours whose answer was lost has moved it, or somebody else has it.
      own = await readOwn();
    }
  };
  const renewNow = (): Promise<void> => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  const timer = setInterval(() => {
    // A cluster that doesn't answer for a while is asked again; `check` judges by the time that went by.
    if (!lost) renewNow().catch(() => {});
  }, renewEvery);
  /** Ends the renewing. Gives the lease where it is surely ours. */
  const end = async (): Promise<KubeObject | undefined> => {
    clearInterval(timer);
    await renewing?.catch(() => {});
    return isSure() ? lease : undefined;
  };
  return {
    check: async () => {
      // One that is under way may be near the end of its patience.
      if (!isSure()) await renewing?.catch(() => {});
      while (!lost && !isSure()) await renewNow();
      if (lost) fail(lost);
    },
    // Where it can't be released, it runs out by itself: that is no reason to call a good deploy failed.
    release: async () => {
      const own = await end();
      if (!own) return;
      const free = withSpec(own, { ...own.spec, holderIdentity: '' }, owner, holder);
      await replaceObject(cluster, free, manager(owner)).catch(() => {});
    },
    remove: async () => {
      const own = await end();
      if (own) await deleteObject(cluster, leaseRef(owner), own.metadata).catch(() => {});
      lost = lockLost(undefined);
    },
  };
}

async function write(
  cluster: Cluster,
  owner: Owner,
  holder: Holder,
  before: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  const time = new Date().toISOString().replace('Z', '000Z');
  const mine = before?.spec?.holderIdentity === holder.id;
  const spec = {
    holderIdentity: holder.id,
    leaseDurationSeconds: duration / 1000,
    acquireTime: mine ? before?.spec?.acquireTime : time,
    renewTime: time,
    leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (mine || !before ? 0 : 1),
  };
  const lease = withSpec(before, spec, owner, holder);
  return before
    ? replaceObject(cluster, lease, manager(owner))
    : createObject(cluster, lease, manager(owner));
}

function withSpec(before: KubeObject | undefined, spec: unknown, owner: Owner, holder: Holder): KubeObject {
  const { apiVersion, kind, namespace, name } = leaseRef(owner);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: ownerLabels(owner),
      annotations: { [holderKey]: JSON.stringify(holder) },
      ...(before?.metadata.resourceVersion && { resourceVersion: before.metadata.resourceVersion }),
    },
    spec,
  };
}

function readHolder(lease: KubeObject | undefined): Holder {
  const unknown = { id: '', name: 'somebody', pid: 0, started: '', boot: '', pidNamespace: '' };
  try {
    return { ...unknown, ...JSON.parse(lease?.metadata.annotations?.[holderKey] ?? '{}') };
  } catch {
    return unknown;
  }
}

export function leaseRef(owner: Owner): {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
} {
  const name = lockName(owner.app, owner.environment);
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: owner.namespace, name };
}

function manager(owner: Owner): string {
  return managerName(owner.app, owner.environment);
}

interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

function moment(): Moment {
  return { wall: Date.now(), monotonic: performance.now() };
}

/** Milliseconds since a moment. The wall clock goes on while a laptop sleeps; the other can't be set back. */
function since(then: Moment): number {
  return Math.max(Date.now() - then.wall, performance.now() - then.monotonic);
}
