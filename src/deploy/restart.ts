import { inLastingNamespace } from '../changes/read-namespace.ts';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { getObject, mergePatch } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import type { Owner } from '../plan/labels.ts';
import { managerName } from '../plan/names.ts';
import { declined, notDeployed, unknownComponent } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { type LockOptions, readFreeLock, takeLock } from '../releases/lock.ts';
import { listRecords, readRelease } from '../releases/store.ts';
import { waitReady } from '../waiting/wait.ts';
import { awaitedWorkloads } from './awaited.ts';
import { describeFailure, type PlaceOf } from './failure.ts';
import { neededToRestart } from './needed-rights.ts';
import { refuseLacking } from './rights.ts';

export interface RestartOptions {
  /** Milliseconds to wait for the lock, and again for the instances. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  readonly confirm: () => Promise<boolean>;
  readonly placeOf: PlaceOf;
  /** The moment that is noted: RFC 3339. */
  readonly at: string;
}

/** The same mark as that of `kubectl rollout restart`: deploys leave it, so that none restarts everything once more. */
const mark = 'kubectl.kubernetes.io/restartedAt';

/**
 * Replaces the instances of components one after the other, as a deploy would, and waits until the new ones are ready.
 * None named: of all that keep running. It needs no file: what there is stands in the record.
 */
export async function* restart(
  cluster: Cluster,
  owner: Owner,
  components: readonly string[],
  options: RestartOptions,
): AsyncGenerator<Event> {
  const { timeout, signal, placeOf } = options;
  const begun = performance.now();
  const reading: Cluster = { ...cluster, signal };
  const { releases, freeze } = await inLastingNamespace(reading, owner.namespace, () =>
    listRecords(reading, owner),
  );
  refuseFrozen(freeze, owner);
  const newest = releases[0]?.summary;
  const release = newest && (await readRelease(reading, owner, newest.number));
  if (!newest || !release) return fail(notDeployed(owner.app, owner.environment));
  const known = release.plan.scale.map(({ component }) => component);
  const unknown = components.filter((name) => !known.includes(name));
  if (unknown.length > 0) fail(...unknown.map((name) => unknownComponent(name, known, nearest(name, known))));
  const named = release.plan.scale.filter(
    ({ component }) => components.length === 0 || components.includes(component),
  );
  // A release that didn't get so far hasn't made all of them.
  const there = await Promise.all(
    named.map(({ apiVersion, kind, name }) =>
      getObject(reading, { apiVersion, kind, name, namespace: owner.namespace }),
    ),
  );
  const chosen = named.filter((_, index) => there[index]);
  const absent = named.filter((_, index) => !there[index]).map(({ component }) => component);
  if (absent.length > 0 && (chosen.length === 0 || components.length > 0))
    fail(...absent.map((component) => notDeployed(component, owner.environment)));
  const [free] = await Promise.all([
    readFreeLock(reading, owner),
    refuseLacking(reading, owner.namespace, neededToRestart(chosen)),
  ]);
  if (!(await options.confirm())) fail(declined());
  signal.throwIfAborted();

  const lock = yield* takeLock(cluster, owner, { ...options.lock, patience: timeout, signal, free });
  try {
    refuseFrozen((await listRecords(reading, owner)).freeze, owner);
    const guarded = { ...cluster, beforeWrite: lock.check };
    const manager = `${managerName(owner.app, owner.environment)}:restart`;
    for (const { component, apiVersion, kind, name } of chosen) {
      const ref = { apiVersion, kind, name, namespace: owner.namespace };
      const template = { metadata: { annotations: { [mark]: options.at } } };
      try {
        await mergePatch(guarded, ref, { spec: { template } }, manager);
      } catch (error) {
        throw isStatus(error, 404) ? new PaasError([notDeployed(component, owner.environment)]) : error;
      }
      yield { type: 'done', action: 'restart', object: `${kind.toLowerCase()}/${name}` };
    }
    const result = yield* waitReady(cluster, owner, awaitedWorkloads({ scale: chosen }), timeout, signal);
    const ready = result.state === 'ready';
    if (!ready) yield* describeFailure(cluster, owner.namespace, result, timeout / 1000, placeOf);
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    yield { type: 'end', outcome: ready ? 'restarted' : 'unready', release: newest.number, seconds };
  } finally {
    await lock.release();
  }
}
