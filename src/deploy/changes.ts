import { describeRef, type KubeObject, type ObjectRef } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import { managerName } from '../plan/names.ts';
import type { Manifest, PhaseName, Plan, Scale } from '../plan/plan.ts';
import { everyRef, refKey } from '../releases/inventory.ts';
import { hashOf, ownFieldsHash } from './hash.ts';
import { keyOf, type State } from './read-state.ts';

/** What differs between a plan and the cluster, in the order in which it is done. */
export interface Changes {
  readonly apply: readonly ApplyChange[];
  readonly scale: readonly ScaleChange[];
  readonly remove: readonly ObjectRef[];
}

export interface ApplyChange {
  readonly phase: PhaseName;
  readonly manifest: Manifest;
  readonly hash: string;
  /** What is there: absent, it is created. */
  readonly live: KubeObject | undefined;
  /** Somebody else's object of that name. */
  readonly foreign: KubeObject | undefined;
}

export interface ScaleChange {
  readonly scale: Scale;
  /** How many the file asked for before; undefined where it never did. */
  readonly before: number | undefined;
}

export function planChanges(plan: Plan, state: State): Changes {
  const manager = managerName(plan.app, plan.environment);
  const { inventory } = state.inventory;
  const entries = new Map(inventory.entries.map((entry) => [refKey(entry), entry]));
  const apply: ApplyChange[] = [];
  const planned = new Set<string>();
  for (const phase of plan.phases) {
    for (const manifest of phase.manifests) {
      const key = refKey(keyOf(manifest));
      planned.add(key);
      const live = state.live.get(key);
      const entry = entries.get(key);
      const hash = hashOf(manifest);
      const unchanged =
        live !== undefined &&
        entry?.manifest === hash &&
        entry.uid === live.metadata.uid &&
        entry.fields === ownFieldsHash(live, manager);
      if (unchanged) continue;
      const foreign = live ? undefined : state.foreign.get(key);
      apply.push({ phase: phase.name, manifest, hash, live, foreign });
    }
  }
  return {
    apply,
    scale: plan.scale
      .filter((scale) => inventory.scale[refKey(scale)] !== scale.replicas || !state.live.has(refKey(scale)))
      .map((scale) => ({
        scale,
        before: state.live.has(refKey(scale)) ? inventory.scale[refKey(scale)] : undefined,
      })),
    remove: everyRef(inventory).filter((ref) => !planned.has(refKey(ref)) && state.live.has(refKey(ref))),
  };
}

export function isEmpty({ apply, scale, remove }: Changes): boolean {
  return apply.length + scale.length + remove.length === 0;
}

/** The changes as people are told them. */
export function summarize({ apply, scale, remove }: Changes): ChangeSummary[] {
  const created = new Set(apply.filter(({ live }) => !live).map(({ manifest }) => refKey(keyOf(manifest))));
  return [
    ...apply.map(({ manifest, live }): ChangeSummary => {
      const replicas = scale.find((change) => refKey(change.scale) === refKey(keyOf(manifest)))?.scale
        .replicas;
      const detail = live ? imageChange(live, manifest) : instances(replicas);
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

function imageChange(live: KubeObject, manifest: Manifest): string | undefined {
  const before = imageOf(live);
  const after = imageOf(manifest);
  return before !== after ? `image ${before} → ${after}` : undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a workload's shape is checked by its optional chain.
function imageOf(workload: any): string | undefined {
  return workload.spec?.template?.spec?.containers?.[0]?.image;
}
