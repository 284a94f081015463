import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { applyObject, getObject, mergePatch } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import { managerName, scaleManagerName } from '../plan/names.ts';
import type { Manifest, PhaseName, Plan } from '../plan/plan.ts';
import { foreignOwner } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import { absorbed } from './additions.ts';
import type { ApplyChange, Changes } from './changes.ts';
import { concurrently } from './concurrently.ts';
import { failApply, readConflicts, refuseForeign, settleConflicts } from './conflicts.ts';
import type { ScaleChange } from './hand-over.ts';
import { ownFieldsHash } from './hash.ts';
import { keyOf, refOf } from './read-state.ts';

/** What an apply has made: enough to know it again. */
export interface Applied {
  readonly object: KubeObject;
  readonly manifest: string;
  readonly fields: string;
}

/**
 * Asks the cluster, by dry runs, whether every object that is there may be changed, and gives the changes as they may
 * be applied. Throws before anything is touched. New objects need no question.
 */
export async function preflight(cluster: Cluster, plan: Plan, changes: Changes): Promise<Changes> {
  const manager = managerName(plan.app, plan.environment);
  const settled = new Map<ApplyChange, ApplyChange>();
  for await (const [before, after] of concurrently(changes.apply, async (change) => {
    if (change.foreign) await refuseForeign(cluster, change.manifest, change.foreign, manager);
    if (!change.live) return [change, change] as const;
    const manifest = await settleConflicts(cluster, change.manifest, change.live, manager);
    return [change, { ...change, manifest }] as const;
  })) {
    settled.set(before, after);
  }
  return { ...changes, apply: changes.apply.map((change) => settled.get(change) ?? change) };
}

/** Applies the changes of some phases, one after the other. `applied` is filled as it goes, also when it ends early. */
export async function* applyChanges(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  phases: readonly PhaseName[],
  applied: Applied[],
): AsyncGenerator<Event> {
  const manager = managerName(plan.app, plan.environment);
  for (const phase of phases) {
    const own = changes.apply.filter((change) => change.phase === phase);
    if (own.length > 0) yield { type: 'phase', phase, count: own.length };
    for await (const { change, object } of concurrently(own, (one) =>
      applyAndScale(cluster, plan, one, changes),
    )) {
      applied.push({ object, manifest: change.hash, fields: ownFieldsHash(object, manager) });
      const action = change.live ? 'update' : 'create';
      yield { type: 'done', action, object: describeRef(keyOf(change.manifest)) };
    }
  }
  if (!phases.includes('workloads')) return;
  for await (const change of concurrently(changes.scale, (one) => writeScale(cluster, plan, one))) {
    if (change.before !== undefined)
      yield { type: 'done', action: 'scale', object: describeRef(change.scale) };
  }
}

/** A new workload gets its number at once: until then the cluster gives it one instance. */
async function applyAndScale(
  cluster: Cluster,
  plan: Plan,
  change: ApplyChange,
  changes: Changes,
): Promise<{ change: ApplyChange; object: KubeObject }> {
  const done = await applyOne(cluster, change, managerName(plan.app, plan.environment));
  const key = refKey(keyOf(change.manifest));
  const scale = changes.scale.find((one) => refKey(one.scale) === key);
  if (!change.live && scale) await writeScale(cluster, plan, scale);
  return done;
}

/** Tries for an object that others write at the same moment. */
const attempts = 5;

/** By force only over what was seen; where that has moved meanwhile, it is looked at again. */
async function applyOne(
  cluster: Cluster,
  change: ApplyChange,
  manager: string,
): Promise<{ change: ApplyChange; object: KubeObject }> {
  let { manifest, live } = change;
  for (let attempt = 1; ; attempt++) {
    try {
      if (live) manifest = await absorbAdditions(cluster, manifest, live, manager);
      const force = live !== undefined;
      return { change, object: await applyObject(cluster, manifest as KubeObject, { manager, force }) };
    } catch (error) {
      const conflicts = readConflicts(error, manifest, live);
      if (conflicts.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), conflicts));
      if (!live || !isStatus(error, 409) || attempt >= attempts) return failApply(error, manifest);
      manifest = unbound(manifest);
      live = await getObject(cluster, refOf(manifest));
      if (live) manifest = await settleConflicts(cluster, manifest, live, manager);
    }
  }
}

/**
 * Makes ours what people added by hand, so that the apply which comes next takes it out. Gives the manifest bound to
 * what is there then. Throws an ApiError (409) where that has moved since it was seen.
 */
async function absorbAdditions(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
): Promise<Manifest> {
  const managedFields = absorbed(live, manager);
  if (!managedFields) return manifest;
  const { resourceVersion } = live.metadata;
  const patch = { metadata: { resourceVersion, managedFields } };
  const answer = await mergePatch(cluster, refOf(live), patch, manager);
  const metadata = { ...manifest.metadata, resourceVersion: answer.metadata.resourceVersion };
  return { ...manifest, metadata } as Manifest;
}

function unbound(manifest: Manifest): Manifest {
  const { resourceVersion: _, ...metadata } = manifest.metadata as Manifest['metadata'] & {
    resourceVersion?: string;
  };
  return { ...manifest, metadata };
}

/** The number of instances has a field manager of its own, so that an autoscaler can take it over. */
export async function writeScale(
  cluster: Cluster,
  plan: Pick<Plan, 'app' | 'environment' | 'namespace'>,
  change: ScaleChange,
): Promise<ScaleChange> {
  const { apiVersion, kind, name, replicas } = change.scale;
  const object = { apiVersion, kind, metadata: { name, namespace: plan.namespace }, spec: { replicas } };
  await applyObject(cluster, object as KubeObject, {
    manager: scaleManagerName(plan.app, plan.environment),
    force: true,
  });
  return change;
}
