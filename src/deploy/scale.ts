import { inLastingNamespace } from '../changes/read-namespace.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import { getObject } from '../cluster/objects.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Owner } from '../plan/labels.ts';
import type { Plan, Scale } from '../plan/plan.ts';
import { declined, notDeployed, recordMoved, unknownComponent } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { noRelease, scaledByPolicy } from '../problems/releases.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { readInventory, refKey } from '../releases/inventory.ts';
import { type LockOptions, readFreeLock, takeLock } from '../releases/lock.ts';
import { type Scalings, type StoredScalings, withScaling, writeScalings } from '../releases/scaling.ts';
import { listRecords, readRelease } from '../releases/store.ts';
import { waitReady } from '../waiting/wait.ts';
import { writeScale } from './apply.ts';
import { awaitedWorkloads } from './awaited.ts';
import { describeFailure } from './failure.ts';
import { neededToScale } from './needed-rights.ts';
import { refuseLacking } from './rights.ts';

export interface ScaleOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  /** What is asked for, by component; `file`: the number of the file again. */
  readonly numbers: ReadonlyMap<string, number | 'file'>;
  /** Every number that was set by hand goes back to that of the file. */
  readonly resetAll: boolean;
  /** Wait until that many are ready. */
  readonly wait: boolean;
  readonly by: string;
  /** Milliseconds to wait for the lock, and again for the app. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  readonly confirm: () => Promise<boolean>;
}

interface Target {
  readonly scale: Scale;
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** What the file asks for. */
  readonly asked: number;
}

interface Seen {
  readonly plan: Plan;
  readonly release: number;
  readonly stored: StoredScalings;
  readonly targets: readonly Target[];
}

/**
 * Sets numbers of instances by hand: a release of its own small kind, which later deploys keep until the file asks for
 * another number. What is asked for is noted before it is done, so that the same call again goes on after any end.
 */
export async function* scale(options: ScaleOptions): AsyncGenerator<Event> {
  const { cluster, owner, signal, timeout } = options;
  const begun = performance.now();
  const seen = await inLastingNamespace(cluster, owner.namespace, () => look(options, cluster));
  yield { type: 'changes', changes: seen.targets.filter(isChange).map(summarize) };
  if (seen.targets.some((target) => isChange(target) || !isNoted(target, seen.stored.scalings))) {
    const reading: Cluster = { ...cluster, signal };
    const [free] = await Promise.all([
      readFreeLock(reading, owner),
      refuseLacking(reading, owner.namespace, neededFor(options, seen)),
    ]);
    if (!(await options.confirm())) fail(declined());
    signal.throwIfAborted();
    const lock = yield* takeLock(cluster, owner, { ...options.lock, patience: timeout, signal, free });
    try {
      yield* write(options, { ...cluster, beforeWrite: lock.check });
    } finally {
      await lock.release();
    }
  }
  const ready = options.wait ? yield* awaitScaled(options, seen) : true;
  const outcome = ready ? 'scaled' : 'unready';
  yield { type: 'end', outcome, seconds: Math.round((performance.now() - begun) / 100) / 10 };
}

function neededFor({ wait }: ScaleOptions, { stored, targets }: Seen) {
  const workloads = targets.filter((target) => wait || isChange(target)).map(({ scale: one }) => one);
  return neededToScale(workloads, { noted: stored.head !== undefined, wait });
}

async function* write(options: ScaleOptions, cluster: Cluster): AsyncGenerator<Event> {
  const { owner, by } = options;
  const { release, stored, targets } = await look(options, cluster);
  const at = new Date().toISOString();
  const changes = targets
    .filter(isChange)
    .map(({ scale: { component }, from, to }) => ({ component, from, to }));
  const reset = options.resetAll || [...options.numbers.values()].every((number) => number === 'file');
  const next: Scalings = {
    numbers: withTargets(stored.scalings.numbers, targets, by, at),
    history: withScaling(stored.scalings.history, {
      at,
      by,
      release,
      changes,
      ...(reset && { reset: true as const }),
    }),
  };
  if (!(await writeScalings(cluster, owner, next, stored.head))) fail(recordMoved());
  const writes = targets.filter(isChange).map(({ scale, from, to }) => ({
    scale: { ...scale, replicas: to },
    before: from,
  }));
  for await (const { scale } of concurrently(writes, (change) => writeScale(cluster, owner, change))) {
    yield { type: 'done', action: 'scale', object: refKey(scale) };
  }
}

/** The numbers that hold by hand: one that is the file's own is none. */
function withTargets(
  before: Scalings['numbers'],
  targets: readonly Target[],
  by: string,
  at: string,
): Scalings['numbers'] {
  const numbers = { ...before };
  for (const { key, to, asked } of targets) {
    if (to === asked) delete numbers[key];
    else numbers[key] = { replicas: to, asked, by, at };
  }
  return numbers;
}

/** What is there, and what is to be made of it. Throws a PaasError where that can't be. */
async function look(options: ScaleOptions, cluster: Cluster): Promise<Seen> {
  const { owner } = options;
  const [records, { inventory }] = await Promise.all([
    listRecords(cluster, owner),
    readInventory(cluster, owner),
  ]);
  const newest = records.releases[0]?.summary;
  const release = newest && (await readRelease(cluster, owner, newest.number));
  if (!release) return fail(noRelease(owner.app, owner.environment, owner.namespace));
  refuseFrozen(records.freeze, owner);
  const { plan } = release;
  const wanted = wantedNumbers(options, plan, records.scaling.scalings);
  const targets: Target[] = [];
  for await (const target of concurrently([...wanted], async ([scale, number]): Promise<Target> => {
    const { apiVersion, kind, name } = scale;
    const ref = { apiVersion, kind, name, namespace: owner.namespace };
    const live: KubeObject | undefined = await getObject(cluster, ref);
    if (!live) return fail(notDeployed(scale.component, owner.environment));
    const key = refKey(scale);
    const asked = inventory.scale[key] ?? scale.replicas;
    const from = (live.spec?.replicas as number | undefined) ?? 1;
    return { scale, key, from, to: number === 'file' ? asked : number, asked };
  })) {
    targets.push(target);
  }
  targets.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { plan, release: release.summary.number, stored: records.scaling, targets };
}

function wantedNumbers(
  { numbers, resetAll }: ScaleOptions,
  plan: Plan,
  { numbers: byHand }: Scalings,
): Map<Scale, number | 'file'> {
  const wanted = new Map<Scale, number | 'file'>();
  const known = plan.scale.map(({ component }) => component);
  for (const [component, number] of numbers) {
    const scale = plan.scale.find((one) => one.component === component);
    if (!scale) return fail(unknownComponent(component, known, nearest(component, known)));
    const { autoscaler } = scale;
    // Its number is nobody's to reset; its size may be.
    if (autoscaler && number === 'file') continue;
    if (autoscaler) fail(scaledByPolicy(component, autoscaler.min, autoscaler.max));
    wanted.set(scale, number);
  }
  if (resetAll) {
    for (const scale of plan.scale) if (byHand[refKey(scale)] && !scale.autoscaler) wanted.set(scale, 'file');
  }
  return wanted;
}

const isChange = ({ from, to }: Target): boolean => from !== to;

function isNoted({ key, to, asked }: Target, { numbers }: Scalings): boolean {
  return to === asked ? numbers[key] === undefined : numbers[key]?.replicas === to;
}

function summarize({ key, from, to, asked }: Target): ChangeSummary {
  const file = to === asked ? 'as the file says' : `the file says ${asked}`;
  return {
    action: 'scale',
    object: key,
    detail: `${from} → ${to} ${to === 1 ? 'instance' : 'instances'} (${file})`,
  };
}

async function* awaitScaled(
  { cluster, owner, timeout, signal }: ScaleOptions,
  { plan, targets }: Seen,
): AsyncGenerator<Event, boolean> {
  const scaled = targets.map(({ scale, to }) => ({ ...scale, replicas: to }));
  const result = yield* waitReady(cluster, plan, awaitedWorkloads({ scale: scaled }), timeout, signal);
  if (result.state === 'ready') return true;
  yield* describeFailure(cluster, owner.namespace, result, timeout / 1000, () => undefined);
  return false;
}
