import type { KubeObject, ManagedFields } from '../cluster/cluster.ts';
import { managerName, scaleManagerName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { describePath, type FieldPath, type FieldSet, only, union } from './field-set.ts';
import { deployTools } from './managers.ts';
import { isOwn, ownerOf } from './read-state.ts';

// An object that kubectl or Helm made becomes the app's: what their programs own of it is made ours, so that the apply
// that comes next takes out what the app doesn't say, their own notes included.

/** Fields that stay with nobody but who set them. */
const staying = /^\.(status|metadata\.(finalizers|ownerReferences))(\.|\[|$)/;

/** The managedFields of an object once it is taken over; undefined where it is the app's, or none of it is theirs. */
export function takenOver(live: KubeObject, plan: Plan): ManagedFields[] | undefined {
  if (isOwn(live, ownerOf(plan))) return undefined;
  const entries = live.metadata.managedFields ?? [];
  const theirs = entries.filter(isTools);
  if (theirs.length === 0) return undefined;
  const all = theirs.reduce<FieldSet>((set, { fieldsV1 }) => union(set, (fieldsV1 ?? {}) as FieldSet), {});
  const isReplicas = (leaf: FieldPath): boolean => describePath(leaf) === '.spec.replicas';
  const manager = managerName(plan.app, plan.environment);
  const scaler = scaleManagerName(plan.app, plan.environment);
  const mine = only(all, (leaf) => !staying.test(describePath(leaf)) && !isReplicas(leaf));
  const number = only(all, isReplicas);
  const rest = entries.filter((entry) => !isTools(entry));
  const withMine = Object.keys(mine).length > 0 ? merged(rest, manager, mine, live) : rest;
  return Object.keys(number).length > 0 ? merged(withMine, scaler, number, live) : withMine;
}

function isTools({ manager, subresource }: ManagedFields): boolean {
  return deployTools.test(manager) && !subresource;
}

/** The same with more fields in the Apply entry of a manager. */
function merged(
  entries: readonly ManagedFields[],
  manager: string,
  fields: FieldSet,
  { apiVersion }: KubeObject,
): ManagedFields[] {
  const isIts = (entry: ManagedFields): boolean =>
    entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
  const own = entries.find(isIts);
  const fieldsV1 = union((own?.fieldsV1 ?? {}) as FieldSet, fields);
  const made: ManagedFields & { apiVersion: string; fieldsType: string } = {
    apiVersion,
    fieldsType: 'FieldsV1',
    manager,
    operation: 'Apply',
    ...own,
    fieldsV1,
  };
  return [made, ...entries.filter((entry) => !isIts(entry))];
}

/** The Helm release that an object belongs to. */
export function helmRelease({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.['meta.helm.sh/release-name'];
}

/** The programs that made an object, as far as it tells. */
export function makersOf({ metadata }: KubeObject): string {
  const names = (metadata.managedFields ?? []).filter(isTools).map(({ manager }) => manager);
  return [...new Set(names)].join(', ') || 'another program';
}
