import type { KubeObject } from '../cluster/cluster.ts';
import type { ClusterIdentity } from '../cluster/identity.ts';
import { managerName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planMoved } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import type { Changes } from './changes.ts';
import { allOf } from './hand-over.ts';
import { hashOf, ownFieldsHash } from './hash.ts';
import { controllers } from './managers.ts';
import { keyOf, type State } from './read-state.ts';

// A plan that was shown, kept to be done later: exactly that, or nothing.

export interface SavedPlan {
  readonly version: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly tool: string;
  readonly source?: string;
  /** What tells the cluster from another of its name. */
  readonly cluster: ClusterIdentity;
  readonly plan: Plan;
  /** The stored secrets that it uses, by name: their versions. */
  readonly secrets: Readonly<Record<string, number>>;
  readonly seen: Seen;
}

/** What was there when the plan was made, as far as the plan touches it. */
export interface Seen {
  /** The newest release; 0 where there was none. */
  readonly release: number;
  /** What identifies each object that would change, by `deployment/web`; null where it wasn't there. */
  readonly objects: Readonly<Record<string, string | null>>;
}

/**
 * What a plan was made against. An object counts as the same while it is the same one (uid), our fields in it are
 * those that we applied, and nobody added to it: its status, and what controllers write, may move.
 */
export function seenBy(plan: Plan, changes: Changes, state: State): Seen {
  const manager = managerName(plan.app, plan.environment);
  const touched = [
    ...changes.apply.map(({ manifest }) => keyOf(manifest)),
    ...changes.scale.map(({ scale }) => scale),
    ...changes.remove,
    ...changes.removeFirst,
    ...allOf(changes.removeBefore),
  ].map(refKey);
  const identity = (key: string): string | null => {
    const live = state.live.get(key) ?? state.foreign.get(key);
    return live ? hashOf([live.metadata.uid, ownFieldsHash(live, manager), writesOf(live, manager)]) : null;
  };
  return {
    release: state.releases[0]?.summary.number ?? 0,
    objects: Object.fromEntries([...new Set(touched)].sort().map((key) => [key, identity(key)])),
  };
}

/** What others than controllers have written of an object: who, when and what. */
function writesOf({ metadata }: KubeObject, own: string): unknown[] {
  return (metadata.managedFields ?? [])
    .filter(
      ({ manager, subresource }) => !subresource && !manager.startsWith(own) && !controllers.test(manager),
    )
    .map(({ manager, time, fieldsV1 }) => [manager, time, fieldsV1]);
}

/** Refuses a plan where something that it touches isn't what it was when the plan was shown. */
export function refuseMoved(seen: Seen, now: Seen): void {
  const keys = [...new Set([...Object.keys(seen.objects), ...Object.keys(now.objects)])];
  const moved = keys.filter((key) => (seen.objects[key] ?? null) !== (now.objects[key] ?? null));
  if (seen.release !== now.release || moved.length > 0) fail(planMoved(seen.release, now.release, moved));
}
