import { type Changes, isEmpty } from '../changes/changes.ts';
import { allOf } from '../changes/hand-over.ts';
import { hashOf, ownFieldsHash } from '../changes/hash.ts';
import { controllers } from '../changes/managers.ts';
import { keyOf, type State } from '../changes/read-state.ts';
import type { KubeObject } from '../cluster/cluster.ts';
import { managerName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planMoved } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import type { NotedIdentity } from './check-identity.ts';

// A plan that was shown, kept to be done later: exactly that, or nothing.

/** The contents of a plan file: names that stay. */
export interface SavedPlan
  extends Pick<
    ReleaseSummary,
    'by' | 'tool' | 'source' | 'git' | 'ci' | 'images' | 'platform' | 'unit' | 'sizes'
  > {
  readonly version: 1;
  /** When it was made: ISO 8601. */
  readonly at: string;
  /** Where its cluster answers, by which it is found, and what tells it from another one there. */
  readonly cluster: { readonly server: string } & NotedIdentity;
  /** Whether the platform lets a deploy make the namespace. */
  readonly may_create_namespace: boolean;
  /** What the person agreed to when it was shown: objects as `deployment/web`. */
  readonly recreate: readonly string[];
  readonly take_over: boolean;
  readonly plan: Plan;
  /** The stored secrets that it uses, by name: their versions. */
  readonly secrets: Readonly<Record<string, number>>;
  readonly seen: Seen;
}

/** What was there when the plan was made, as far as the plan touches it. */
export interface Seen {
  /** The newest release; 0 where there was none. */
  readonly release: number;
  /** Each object that would change, by `deployment/web`; null where it wasn't there. */
  readonly objects: Readonly<Record<string, SeenObject | null>>;
}

export interface SeenObject {
  readonly uid: string;
  /** A hash of the fields that we applied. */
  readonly own: string;
  /** A hash of who else has written it, when and what: people and their tools, not controllers. */
  readonly others: string;
  /** How many instances it was asked for, where the plan sets another number. */
  readonly replicas?: number;
}

/**
 * What a plan was made against. An object counts as the same while it is the same one (uid), our fields in it are
 * those that we applied, and nobody added to it: its status, and what controllers write, may move.
 */
export function seenBy(plan: Plan, changes: Changes, state: State): Seen {
  const manager = managerName(plan.app, plan.environment);
  const scaled = new Set(
    changes.scale.filter(({ scale }) => !scale.autoscaler).map(({ scale }) => refKey(scale)),
  );
  const touched = [
    ...changes.apply.map(({ manifest }) => keyOf(manifest)),
    ...changes.scale.map(({ scale }) => scale),
    ...changes.remove,
    ...changes.removeFirst,
    ...allOf(changes.removeBefore),
  ].map(refKey);
  const identity = (key: string): SeenObject | null => {
    const live = state.live.get(key) ?? state.foreign.get(key);
    if (!live) return null;
    const replicas = live.spec?.replicas as number | undefined;
    return {
      uid: live.metadata.uid ?? '',
      own: ownFieldsHash(live, manager),
      others: hashOf(writesOf(live, manager)),
      ...(scaled.has(key) && replicas !== undefined && { replicas }),
    };
  };
  return {
    release: newestOf(state),
    objects: Object.fromEntries([...new Set(touched)].sort().map((key) => [key, identity(key)])),
  };
}

function newestOf({ releases }: State): number {
  return releases[0]?.summary.number ?? 0;
}

/** What others than controllers have written of an object: who, when and what. */
function writesOf({ metadata }: KubeObject, own: string): unknown[] {
  const isOurs = (manager: string): boolean => manager === own || manager.startsWith(`${own}:`);
  return (metadata.managedFields ?? [])
    .filter(({ manager, subresource }) => !subresource && !isOurs(manager) && !controllers.test(manager))
    .map(({ manager, time, fieldsV1 }) => [manager, time, fieldsV1]);
}

/**
 * Refuses a plan where something that it touches isn't what it was when the plan was shown. One that was begun and
 * interrupted, or failed, may go on: what it has done itself is no move.
 */
export function refuseMoved(
  saved: Pick<SavedPlan, 'seen' | 'secrets'>,
  plan: Plan,
  changes: Changes,
  state: State,
): void {
  const { seen, secrets } = saved;
  const stored = new Set(state.storedSecrets.map(({ name, version }) => `${name}/${version}`));
  const gone = Object.entries(secrets).filter(([name, version]) => !stored.has(`${name}/${version}`));
  const now = seenBy(plan, changes, state);
  const since = state.releases.filter(({ summary }) => summary.number > seen.release);
  const begun = since.length > 0 && since.every(({ summary }) => summary.plan === hashOf(plan));
  if (begun && since[0]!.summary.outcome === 'succeeded') {
    // It is done: once more is nothing, or a plan that nobody has seen.
    if (!isEmpty(changes)) fail(planMoved(seen.release, now.release, Object.keys(now.objects)));
    return;
  }
  const keys = [...new Set([...Object.keys(seen.objects), ...Object.keys(now.objects)])];
  const same = begun ? wentOn : isSame;
  const moved = [
    ...keys.filter((key) => !same(seen.objects[key] ?? null, now.objects[key] ?? null)),
    ...gone.map(([name, version]) => `version ${version} of the secret ${name}, which is gone`),
  ];
  // Where its release is begun already, its own number is no news.
  const release = begun ? seen.release : now.release;
  if (seen.release !== release || moved.length > 0) fail(planMoved(seen.release, release, moved));
}

function isSame(before: SeenObject | null, now: SeenObject | null): boolean {
  return hashOf(before) === hashOf(now);
}

/** While the plan itself is under way: objects come, change and go by it, but nobody else writes them. */
function wentOn(before: SeenObject | null, now: SeenObject | null): boolean {
  const nobody = hashOf([]);
  return !now || now.others === nobody || now.others === before?.others;
}
