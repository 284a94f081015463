import { absorbed } from '../changes/additions.ts';
import type { ApplyChange, Changes } from '../changes/changes.ts';
import { failApply, readConflicts, refuseForeign, settleConflicts } from '../changes/conflicts.ts';
import { type Consent, noConsent } from '../changes/consent.ts';
import { fixedFields, wayToRecreate } from '../changes/fixed-fields.ts';
import { type ScaleChange, scalesByKey } from '../changes/hand-over.ts';
import { ownFieldsHash } from '../changes/hash.ts';
import { keyOf, refOf } from '../changes/read-state.ts';
import { takenOver } from '../changes/take-over.ts';
import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import { applyForMetadata, applyObject, getObject, mergePatch } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import { managerName, scaleManagerName } from '../plan/names.ts';
import type { Manifest, PhaseName, Plan } from '../plan/plan.ts';
import { foreignOwner } from '../problems/deploy.ts';
import { fail, PaasError, type Problem } from '../problems/problem.ts';
import { type InventoryEntry, refKey } from '../releases/inventory.ts';

/**
 * Asks the cluster, by dry runs, whether every object that is there may be changed, and gives the changes as they may
 * be applied. Throws before anything is touched. New objects need no question.
 */
export async function preflight(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  consent: Consent = noConsent,
): Promise<Changes> {
  const settled = new Map<ApplyChange, ApplyChange>();
  const problems: Problem[] = [];
  for await (const [before, after] of concurrently(changes.apply, async (change) => {
    try {
      return [change, await settle(cluster, plan, change, consent)] as const;
    } catch (error) {
      if (!(error instanceof PaasError)) throw error;
      problems.push(...error.problems);
      return [change, change] as const;
    }
  })) {
    settled.set(before, after);
  }
  if (problems.length > 0) fail(...problems);
  const apply = changes.apply.map((change) => settled.get(change) ?? change);
  return { ...changes, apply, scale: [...changes.scale, ...numbersOfRecreated(plan, apply, changes)] };
}

/** A change as it may be made. */
async function settle(
  cluster: Cluster,
  plan: Plan,
  change: ApplyChange,
  { recreate, takeOver }: Consent,
): Promise<ApplyChange> {
  const manager = managerName(plan.app, plan.environment);
  const { manifest, live, foreign, from } = change;
  if (foreign && !live) await refuseForeign(cluster, manifest, foreign, manager);
  if (!live) return change;
  try {
    return { ...change, manifest: await settleConflicts(cluster, manifest, live, manager, takeOver) };
  } catch (error) {
    const fixed = fixedFields(error, manifest, live);
    // What it has from others, and is taken out when it is taken over, may not fit to ours: then it is found out there.
    if (from !== undefined && fixed.length === 0 && isStatus(error, 422)) return change;
    const way = fixed.length > 0 ? wayToRecreate(manifest, live) : undefined;
    if (!way || !recreate.includes(refKey(keyOf(manifest)))) return failApply(error, manifest, live);
    await tryAnew(cluster, manifest, manager);
    return { ...change, recreate: way };
  }
}

/** Whether the cluster would make it at all, before the one that is there goes: tried under another name. */
async function tryAnew(cluster: Cluster, manifest: Manifest, manager: string): Promise<void> {
  // Addresses and ports of a Service are taken as long as the other one is there.
  if (manifest.kind === 'Service') return;
  const name = `${manifest.metadata.name.slice(0, 40)}-again`;
  const other = { ...manifest, metadata: { ...manifest.metadata, name } };
  try {
    await applyObject(cluster, other as KubeObject, { manager, dryRun: true });
  } catch (error) {
    failApply(error, manifest);
  }
}

/** A workload that is made again comes with as many instances as there are. */
function numbersOfRecreated(plan: Plan, apply: readonly ApplyChange[], changes: Changes): ScaleChange[] {
  const known = new Set(changes.scale.map(({ scale }) => refKey(scale)));
  const scales = scalesByKey(plan.scale);
  return apply.flatMap(({ manifest, live, recreate }): ScaleChange[] => {
    const key = refKey(keyOf(manifest));
    const scale = scales.get(key);
    if (!recreate || !scale || known.has(key)) return [];
    const replicas = (live?.spec?.replicas as number | undefined) ?? scale.replicas;
    return [{ scale: { ...scale, replicas }, before: undefined }];
  });
}

interface Done {
  readonly change: ApplyChange;
  readonly metadata: KubeObject['metadata'];
}

/** Applies the changes of some phases, one after the other. `applied` is filled as it goes, also when it ends early. */
export async function* applyChanges(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  phases: readonly PhaseName[],
  applied: InventoryEntry[],
  consent: Consent = noConsent,
): AsyncGenerator<Event> {
  const manager = managerName(plan.app, plan.environment);
  const scales = new Map(changes.scale.map((one) => [refKey(one.scale), one]));
  for (const phase of phases) {
    const own = changes.apply.filter((change) => change.phase === phase);
    if (own.length > 0) yield { type: 'phase', phase, count: own.length };
    for await (const { change, metadata } of concurrently(own, (one) =>
      applyAndScale(cluster, plan, one, scales.get(refKey(keyOf(one.manifest))), consent),
    )) {
      const fields = ownFieldsHash({ metadata }, manager);
      applied.push({ ...refOf(change.manifest), uid: metadata.uid ?? '', manifest: change.hash, fields });
      const action = change.live && !change.recreate ? 'update' : 'create';
      yield { type: 'done', action, object: describeRef(keyOf(change.manifest)) };
    }
  }
  if (!phases.includes('workloads')) return;
  for await (const change of concurrently(changes.scale, (one) => writeScale(cluster, plan, one))) {
    if (change.before !== undefined)
      yield { type: 'done', action: 'scale', object: describeRef(change.scale) };
  }
}

/**
 * A new workload gets its number at once: until then the cluster gives it one instance. One that is made again has it
 * from the start, or its controller would take away the instances that went on; it is handed over right after.
 */
async function applyAndScale(
  cluster: Cluster,
  plan: Plan,
  change: ApplyChange,
  scale: ScaleChange | undefined,
  consent: Consent,
): Promise<Done> {
  if (change.recreate && scale) {
    const { replicas } = scale.scale;
    const manifest = { ...change.manifest, spec: { ...(change.manifest.spec as object), replicas } };
    await applyOne(cluster, plan, { ...change, manifest }, consent);
    await writeScale(cluster, plan, scale);
    return applyOne(cluster, plan, change, consent);
  }
  const done = await applyOne(cluster, plan, change, consent);
  if (!change.live && scale) await writeScale(cluster, plan, scale);
  return done;
}

/** Tries for an object that others write at the same moment. */
const attempts = 5;

/** By force only over what was seen; where that has moved meanwhile, it is looked at again. */
async function applyOne(
  cluster: Cluster,
  plan: Plan,
  change: ApplyChange,
  { takeOver }: Consent,
): Promise<Done> {
  const manager = managerName(plan.app, plan.environment);
  let { manifest } = change;
  let live = change.recreate ? undefined : change.live;
  for (let attempt = 1; ; attempt++) {
    try {
      if (live) manifest = await absorb(cluster, plan, manifest, live);
      const force = live !== undefined;
      const { metadata } = await applyForMetadata(cluster, manifest as KubeObject, { manager, force });
      return { change, metadata };
    } catch (error) {
      const conflicts = readConflicts(error, manifest, live);
      if (conflicts.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), conflicts));
      if (!live || !isStatus(error, 409) || attempt >= attempts) return failApply(error, manifest, live);
      manifest = unbound(manifest);
      live = await getObject(cluster, refOf(manifest));
      if (live) manifest = await settleAgain(cluster, manifest, live, manager, takeOver);
    }
  }
}

async function settleAgain(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
  takeOver: boolean,
): Promise<Manifest> {
  try {
    return await settleConflicts(cluster, manifest, live, manager, takeOver);
  } catch (error) {
    return failApply(error, manifest, live);
  }
}

/**
 * Makes ours what people added by hand, and all of what is taken over, so that the apply which comes next takes it out. Gives the manifest bound to
 * what is there then. Throws an ApiError (409) where that has moved since it was seen.
 */
async function absorb(cluster: Cluster, plan: Plan, manifest: Manifest, live: KubeObject): Promise<Manifest> {
  const manager = managerName(plan.app, plan.environment);
  const managedFields = takenOver(live, plan) ?? absorbed(live, manager);
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
  await applyForMetadata(cluster, object as KubeObject, {
    manager: scaleManagerName(plan.app, plan.environment),
    force: true,
  });
  return change;
}
