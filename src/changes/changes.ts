import { describeRef, type KubeObject, type ObjectRef } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import { labelKeys, managerName } from '../plan/names.ts';
import type { Manifest, PhaseName, Plan } from '../plan/plan.ts';
import { everyRef, type InventoryEntry, refKey } from '../releases/inventory.ts';
import { additionsOf } from './additions.ts';
import { type Consent, changeable, noConsent } from './consent.ts';
import type { RecreateWay } from './fixed-fields.ts';
import {
  allOf,
  leavingAutoscalers,
  type RemoveBefore,
  type ScaleChange,
  scaleChanges,
  scalesByKey,
} from './hand-over.ts';
import { hashOf, ownFieldsHash } from './hash.ts';
import { isOwn, keyOf, refOf, type State } from './read-state.ts';
import { makersOf } from './take-over.ts';

/** What differs between a plan and the cluster, in the order in which it is done. */
export interface Changes {
  readonly apply: readonly ApplyChange[];
  readonly scale: readonly ScaleChange[];
  /** What stands in the way: a job of an earlier try that failed or still runs. */
  readonly removeFirst: readonly ObjectRef[];
  /** Autoscalers that go before something of the plan comes. */
  readonly removeBefore: RemoveBefore;
  readonly remove: readonly ObjectRef[];
  /** What the plan no longer has and stays all the same, because it holds data. */
  readonly keep: readonly ObjectRef[];
}

/** Volumes hold data: they are never removed unasked. */
export const keptKinds: ReadonlySet<string> = new Set(['PersistentVolumeClaim']);

export interface ApplyChange {
  readonly phase: PhaseName;
  readonly manifest: Manifest;
  readonly hash: string;
  /** What is there: absent, it is created. */
  readonly live: KubeObject | undefined;
  /** Somebody else's object of that name. */
  readonly foreign: KubeObject | undefined;
  /** Who made what is there, where it is taken over from them. */
  readonly from?: string;
  /** It can't be changed: it is deleted and made again. */
  readonly recreate?: RecreateWay;
}

export function planChanges(plan: Plan, state: State, consent: Consent = noConsent): Changes {
  const manager = managerName(plan.app, plan.environment);
  const { inventory } = state.inventory;
  const entries = new Map(inventory.entries.map((entry) => [refKey(entry), entry]));
  const apply: ApplyChange[] = [];
  const planned = new Set<string>();
  for (const phase of plan.phases) {
    for (const manifest of phase.manifests) {
      const key = refKey(keyOf(manifest));
      planned.add(key);
      const live = changeable(state, key, consent);
      const entry = entries.get(key);
      const hash = hashOf(manifest);
      if (manifest.kind === 'Job' && hasRun(manifest, hash, live, entry)) continue;
      const unchanged =
        live !== undefined &&
        entry?.manifest === hash &&
        entry.uid === live.metadata.uid &&
        entry.fields === ownFieldsHash(live, manager) &&
        additionsOf(live, manager).length === 0;
      if (unchanged) continue;
      const foreign = live ? undefined : state.foreign.get(key);
      const from = live && !isOwn(live, state.owner) ? makersOf(live) : undefined;
      apply.push({ phase: phase.name, manifest, hash, live, foreign, ...(from && { from }) });
    }
  }
  const left = everyRef(inventory).filter((ref) => !planned.has(refKey(ref)) && state.live.has(refKey(ref)));
  const removeBefore = leavingAutoscalers(
    plan,
    left.map((ref) => state.live.get(refKey(ref))!),
  );
  const earlier = new Set(allOf(removeBefore).map(refKey));
  const inTheWay = (ref: ObjectRef): boolean => standsInTheWay(state.live.get(refKey(ref))!);
  return {
    apply: apply.map((change) => (change.manifest.kind === 'Job' ? { ...change, live: undefined } : change)),
    scale: scaleChanges(plan, inventory, withTaken(state, apply), state.scaling.scalings.numbers),
    removeFirst: [
      ...left.filter(inTheWay),
      ...apply.flatMap(({ manifest, live }) => (manifest.kind === 'Job' && live ? [refOf(live)] : [])),
    ],
    removeBefore,
    remove: left.filter((ref) => !inTheWay(ref) && !keptKinds.has(ref.kind) && !earlier.has(refKey(ref))),
    keep: left.filter((ref) => keptKinds.has(ref.kind)),
  };
}

/** What is there, with what is taken over. */
function withTaken({ live }: State, apply: readonly ApplyChange[]): State['live'] {
  const taken = apply.filter(({ from }) => from !== undefined);
  if (taken.length === 0) return live;
  return new Map([...live, ...taken.map((one) => [refKey(keyOf(one.manifest)), one.live!] as const)]);
}

/** A job that ended well, also where it is gone by now; one that is said otherwise by now has not, unless it runs once. */
function hasRun(
  manifest: Manifest,
  hash: string,
  live: KubeObject | undefined,
  entry: InventoryEntry | undefined,
): boolean {
  if (live && standsInTheWay(live)) return false;
  if (manifest.metadata.annotations?.[labelKeys.run] === 'once')
    return live !== undefined || entry !== undefined;
  return entry?.manifest === hash;
}

/** A job that failed, or one of an earlier release that still runs: two migrations at once could do harm. */
function standsInTheWay(object: KubeObject): boolean {
  return object.kind === 'Job' && !hasEndedWell(object);
}

/** Of a job. */
export function hasEndedWell(job: KubeObject | undefined): boolean {
  const conditions = (job?.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Complete' && status === 'True');
}

export function isEmpty({ apply, scale, removeFirst, removeBefore, remove }: Changes): boolean {
  return [apply, scale, removeFirst, allOf(removeBefore), remove].every((list) => list.length === 0);
}

/** The changes as people are told them. */
export function summarize({ apply, scale, removeFirst, removeBefore, remove }: Changes): ChangeSummary[] {
  const made = apply.filter(({ live, recreate }) => !live || recreate);
  const created = new Set(made.map(({ manifest }) => refKey(keyOf(manifest))));
  const scales = scalesByKey(scale.map((change) => change.scale));
  return [
    ...[...removeFirst, ...allOf(removeBefore)].map(
      (ref): ChangeSummary => ({ action: 'delete', object: describeRef(ref) }),
    ),
    ...apply.map(({ manifest, live, from, recreate }): ChangeSummary => {
      if (recreate)
        return { action: 'recreate', object: describeRef(keyOf(manifest)), detail: recreate.cost };
      const replicas = scales.get(refKey(keyOf(manifest)))?.replicas;
      const taken = from && `taken over from ${from}`;
      const detail = live
        ? (taken ?? imageChange(live, manifest))
        : (instances(replicas) ?? bounds(manifest));
      return {
        action: live ? 'update' : 'create',
        object: describeRef(keyOf(manifest)),
        ...(detail && { detail }),
      };
    }),
    ...scale
      .filter((change) => !created.has(refKey(change.scale)))
      .map(
        (change): ChangeSummary => ({
          action: 'scale',
          object: describeRef(change.scale),
          detail: `${change.before ?? 'unset'} → ${instances(change.scale.replicas)}`,
        }),
      ),
    ...remove.map((ref): ChangeSummary => ({ action: 'delete', object: describeRef(ref) })),
  ];
}

function instances(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${count} ${count === 1 ? 'instance' : 'instances'}`;
}

/** Of an autoscaler. */
function bounds({ spec }: Manifest): string | undefined {
  const said = (spec ?? {}) as Record<string, number | undefined>;
  const [min, max] = [said.minReplicas ?? said.minReplicaCount, said.maxReplicas ?? said.maxReplicaCount];
  return min === undefined || max === undefined ? undefined : `${min}–${max} instances`;
}

function imageChange(live: KubeObject, manifest: Manifest): string | undefined {
  const before = imageOf(live);
  const after = imageOf(manifest);
  return before !== after ? `image ${before} → ${after}` : undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a workload's shape is checked by its optional chain.
function imageOf(workload: any): string | undefined {
  return workload.spec?.template?.spec?.containers?.[0]?.image;
}
