import type { KubeObject, ManagedFields } from '../cluster/cluster.ts';
import { fieldOf } from './field-path.ts';
import { describePath, type FieldPath, type FieldSet, hasField, leavesOf, only, union } from './field-set.ts';
import { peoplesTools } from './managers.ts';

// What people added to an object of ours by hand (`kubectl set env`). An apply, even by force, doesn't take it out:
// nobody says that it should be gone. So their entry is first made a part of ours, which doesn't have it any more then.

export interface Addition {
  /** As the API server names it. */
  readonly field: string;
  readonly value: unknown;
  readonly manager: string;
  /** RFC 3339. */
  readonly time: string | undefined;
}

/** What stays though people's tools wrote it: the number of instances, and the mark of a restart by hand. */
const staying: readonly RegExp[] = [
  /^\.spec\.replicas$/,
  /^\.spec\.template\.metadata\.annotations\.kubectl\.kubernetes\.io\/restartedAt$/,
  // What kubectl notes for itself.
  /^\.metadata\.annotations\.kubectl\.kubernetes\.io\//,
];

/** The fields that only people's tools own, and that will be taken out again. */
export function additionsOf(live: KubeObject, manager: string): Addition[] {
  const entries = live.metadata.managedFields ?? [];
  return entries.filter(isPeoples).flatMap((entry) =>
    wholeOf(addedBy(entry, entries, manager), ownSet(entries, manager)).map((field) => ({
      field,
      value: fieldOf(live, field),
      manager: entry.manager,
      time: entry.time,
    })),
  );
}

/** An item that is new as a whole is one addition, not one for each of its fields. */
function wholeOf(paths: readonly FieldPath[], own: FieldSet): string[] {
  const tops = paths.map((path) => {
    const known = path.findIndex((_, index) => !hasField(own, path.slice(0, index + 1)));
    return describePath(known < 0 ? path : path.slice(0, known + 1));
  });
  return [...new Set(tops)];
}

/** The managedFields with people's additions made ours; undefined where there are none. */
export function absorbed(live: KubeObject, manager: string): ManagedFields[] | undefined {
  const entries = live.metadata.managedFields ?? [];
  const own = entries.find((entry) => isOwnApply(entry, manager));
  if (!own) return undefined;
  const before = setOf(own);
  let fields = before;
  const rest = entries
    .filter((entry) => entry !== own)
    .flatMap((entry) => {
      if (!isPeoples(entry)) return [entry];
      const added = new Set(addedBy(entry, entries, manager).map(describePath));
      if (added.size === 0) return [entry];
      fields = union(
        fields,
        only(setOf(entry), (leaf) => added.has(describePath(leaf))),
      );
      const left = only(setOf(entry), (leaf) => !added.has(describePath(leaf)));
      return Object.keys(left).length > 0 ? [{ ...entry, fieldsV1: left }] : [];
    });
  if (fields === before) return undefined;
  return [{ ...own, fieldsV1: fields }, ...rest];
}

/** What an entry owns alone: what somebody else, or we, own too is no addition but a change, or a controller's. */
function addedBy(entry: ManagedFields, all: readonly ManagedFields[], manager: string): FieldPath[] {
  const own = ownSet(all, manager);
  const others = all.filter((one) => one !== entry && !isPeoples(one));
  return leavesOf(setOf(entry)).filter(
    (path) =>
      !staying.some((one) => one.test(describePath(path))) &&
      !others.some((one) => hasField(setOf(one), path)) &&
      !hasField(own, path),
  );
}

/** The fields that a manager has applied. */
export function ownSet(entries: readonly ManagedFields[], manager: string): FieldSet {
  const own = entries.find((entry) => isOwnApply(entry, manager));
  return own ? setOf(own) : {};
}

function isPeoples(entry: ManagedFields): boolean {
  return peoplesTools.test(entry.manager) && !entry.subresource;
}

function isOwnApply(entry: ManagedFields, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
}

function setOf(entry: ManagedFields): FieldSet {
  return (entry.fieldsV1 ?? {}) as FieldSet;
}
