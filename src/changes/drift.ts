import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import { applyObject } from '../cluster/objects.ts';
import { masked } from '../plan/compare-plans.ts';
import { managerName } from '../plan/names.ts';
import { type Manifest, manifestsOf, type Plan, type Scale } from '../plan/plan.ts';
import { type InventoryEntry, refKey } from '../releases/inventory.ts';
import { additionsOf, ownSet } from './additions.ts';
import { fieldOf } from './field-path.ts';
import { describePath, type FieldPath, type FieldSet, hasField, leavesOf } from './field-set.ts';
import { scalesByKey } from './hand-over.ts';
import { hashOf, ownFieldsHash } from './hash.ts';
import { controllers, peoplesTools } from './managers.ts';
import { keyOf, type State } from './read-state.ts';

// How the cluster differs from what was last applied there, who did it and when, as far as the cluster tells.

export interface Drift {
  /** `deployment/web` */
  readonly object: string;
  /** As the API server names it; empty where it is the whole object. */
  readonly field: string;
  /** What was applied; undefined where it wasn't said. */
  readonly from: unknown;
  /** What is there; undefined where it is gone. */
  readonly to: unknown;
  /** The program that did it, by its field manager. Nobody notes who removed something. */
  readonly manager: string | undefined;
  /** RFC 3339. */
  readonly time: string | undefined;
  /** What a deploy does about it. `refused`: it stops, unless it is told to take the object over. */
  readonly fate: 'taken_back' | 'taken_out' | 'made_again' | 'kept' | 'refused';
}

/**
 * What others changed since the last deploy. Asks the cluster (by a dry run of what was applied) about objects whose
 * owned fields aren't those that the inventory notes, and about no others.
 */
export async function readDrift(
  cluster: Cluster,
  plan: Plan,
  state: State,
  applied: ReadonlyMap<string, Manifest>,
): Promise<Drift[]> {
  const planned = new Set(manifestsOf(plan).map((one) => refKey(keyOf(one))));
  const entries = state.inventory.inventory.entries.filter((entry) => planned.has(refKey(entry)));
  const scales = scalesByKey(plan.scale);
  const found = new Map<InventoryEntry, readonly Drift[]>();
  for await (const [entry, drift] of concurrently(entries, async (entry) => {
    const manifest = applied.get(refKey(entry));
    const numbers = scaled(plan, state, entry, scales.get(refKey(entry)));
    return [entry, [...numbers, ...(await driftOf(cluster, plan, state, entry, manifest))]] as const;
  })) {
    found.set(entry, drift);
  }
  return entries.flatMap((entry) =>
    (found.get(entry) ?? []).map((drift) => withoutValues(entry.kind, drift)),
  );
}

/** What a Secret holds is told to nobody. */
function withoutValues(kind: string, drift: Drift): Drift {
  if (kind !== 'Secret' || !/^\.(data|stringData)\b/.test(drift.field)) return drift;
  const hide = (value: unknown): unknown => (value === undefined ? undefined : masked);
  return { ...drift, from: hide(drift.from), to: hide(drift.to) };
}

async function driftOf(
  cluster: Cluster,
  plan: Plan,
  state: State,
  entry: InventoryEntry,
  manifest: Manifest | undefined,
): Promise<Drift[]> {
  const object = describeRef(entry);
  const live = state.live.get(refKey(entry));
  if (!live) {
    // A job that has ended may be gone.
    if (entry.kind === 'Job') return [];
    return [{ object, field: '', from: object, to: undefined, ...nobody, fate: 'made_again' }];
  }
  const manager = managerName(plan.app, plan.environment);
  // What was ours before somebody set it otherwise is a change, not an addition.
  const added = additionsOf(live, manager)
    .filter(({ field }) => fieldOf(manifest, field) === undefined)
    .map(
      ({ field, value, manager: by, time }): Drift => ({
        object,
        field,
        from: undefined,
        to: value,
        manager: by,
        time,
        fate: 'taken_out',
      }),
    );
  const moved = entry.uid !== live.metadata.uid || entry.fields !== ownFieldsHash(live, manager);
  const changed = moved && manifest ? await changedFields(cluster, manifest, live, manager) : [];
  return [...changed, ...added];
}

const nobody = { manager: undefined, time: undefined };

/** What an apply of the same manifest would set anew, asked by a dry run. */
async function changedFields(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
): Promise<Drift[]> {
  const object = describeRef({ kind: live.kind, name: live.metadata.name });
  const again = await applyObject(cluster, manifest as KubeObject, { manager, dryRun: true, force: true });
  return leavesOf(ownSet(again.metadata.managedFields ?? [], manager)).flatMap((path): Drift[] => {
    const field = describePath(path);
    const [from, to] = [fieldOf(again, field), fieldOf(live, field)];
    if (hashOf(from) === hashOf(to)) return [];
    const who = writerOf(live, path, manager);
    return [{ object, field, from, to, ...who, fate: fateOf(who.manager) }];
  });
}

function fateOf(manager: string | undefined): Drift['fate'] {
  if (manager === undefined || peoplesTools.test(manager)) return 'taken_back';
  return controllers.test(manager) ? 'kept' : 'refused';
}

/** The program that last wrote a field, and when. */
function writerOf(live: KubeObject, path: FieldPath, manager: string): Pick<Drift, 'manager' | 'time'> {
  const entries = (live.metadata.managedFields ?? []).filter(
    (entry) => entry.manager !== manager && hasField((entry.fieldsV1 ?? {}) as FieldSet, path),
  );
  const last = entries.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0];
  return { manager: last?.manager, time: last?.time };
}

/** The number of instances, where somebody else has set it: an autoscaler, or a person. It stays until the file says another. */
function scaled(plan: Plan, state: State, entry: InventoryEntry, scale: Scale | undefined): Drift[] {
  const key = refKey(entry);
  const live = state.live.get(key);
  const from = scale?.autoscaler ? scale.autoscaler.min : state.inventory.inventory.scale[key];
  const to = live?.spec?.replicas as number | undefined;
  if (!live || from === undefined || to === undefined || to === from) return [];
  const who = writerOf(live, ['f:spec', 'f:replicas'], managerName(plan.app, plan.environment));
  const fate = scale?.autoscaler || scale?.replicas === from ? 'kept' : 'taken_back';
  return [{ object: key, field: '.spec.replicas', from, to, ...who, fate }];
}
