import type { Changes } from '../changes/changes.ts';
import { allOf } from '../changes/hand-over.ts';
import { manifestsOf, type Plan } from '../plan/plan.ts';

// What a command can't do without, once it is known what it comes to. Nothing that it might need: who has just enough
// rights must not be refused.

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What is done to the objects of a kind. */
export interface Needed extends Kind {
  readonly verbs: readonly string[];
  /** To this one alone. */
  readonly name?: string;
}

const secret = (...verbs: string[]): Needed => ({ apiVersion: 'v1', kind: 'Secret', verbs });
const lock = (...verbs: string[]): Needed => ({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', verbs });

/** To deploy, and to go back to a release. `more`: what goes besides. */
export function neededFor(plan: Plan, changes: Changes, more: readonly Kind[]): Needed[] {
  const { apply, scale, remove, removeFirst, removeBefore } = changes;
  const awaited = manifestsOf(plan).filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));
  return [
    secret('create', 'patch', 'update'),
    lock('get', 'create', 'update'),
    ...apply.map(({ manifest: { apiVersion, kind }, live, recreate }) => ({
      apiVersion,
      kind,
      verbs: ['patch', ...(live && !recreate ? [] : ['create']), ...(recreate ? ['delete'] : [])],
    })),
    ...patching(scale.map(({ scale: one }) => one)),
    ...deleting([...remove, ...removeFirst, ...allOf(removeBefore), ...more]),
    ...watching(awaited),
  ];
}

/** To set numbers of instances. `noted`: whether some were set by hand before; `wait`: until they are ready. */
export function neededToScale(
  workloads: readonly Kind[],
  { noted, wait }: { readonly noted: boolean; readonly wait: boolean },
): Needed[] {
  return [
    secret(noted ? 'update' : 'create'),
    lock('get', 'update'),
    ...patching(workloads),
    ...(wait ? watching(workloads) : []),
  ];
}

/** To replace the instances of workloads. */
export function neededToRestart(workloads: readonly Kind[]): Needed[] {
  return [lock('get', 'update'), ...patching(workloads), ...watching(workloads)];
}

/** To remove an app. `namespace`: the one that goes with it. */
export function neededToDelete(objects: readonly Kind[], namespace: string | undefined): Needed[] {
  return [
    secret('delete'),
    lock('get', 'update', 'delete'),
    ...deleting(objects),
    ...(namespace === undefined
      ? []
      : [{ apiVersion: 'v1', kind: 'Namespace', name: namespace, verbs: ['delete'] }]),
  ];
}

function patching(kinds: readonly Kind[]): Needed[] {
  return kinds.map(({ apiVersion, kind }) => ({ apiVersion, kind, verbs: ['patch'] }));
}

function deleting(kinds: readonly Kind[]): Needed[] {
  return kinds.map(({ apiVersion, kind }) => ({ apiVersion, kind, verbs: ['delete'] }));
}

/** To wait for workloads and jobs. */
function watching(awaited: readonly Kind[]): Needed[] {
  const verbs = ['list', 'watch'];
  return [
    ...awaited.map(({ apiVersion, kind }) => ({ apiVersion, kind, verbs })),
    ...(awaited.length > 0 ? [{ apiVersion: 'v1', kind: 'Pod', verbs }] : []),
    ...(awaited.some(({ kind }) => kind === 'Deployment')
      ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', verbs }]
      : []),
  ];
}
