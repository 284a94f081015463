import type { Cluster, KubeObject, ObjectRef } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { applySetId, inventoryName } from '../plan/names.ts';
import { readRecord, writeRecord } from './record.ts';

/**
 * Everything that an app may have in the cluster. What a deploy is about to make is noted as pending before it is
 * made, so that nothing is ever forgotten, wherever a deploy ends.
 */
export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  readonly pending: readonly ObjectRef[];
  /** The number of instances that the file last asked for, by object (`deployment/web`). */
  readonly scale: Readonly<Record<string, number>>;
}

export interface InventoryEntry extends ObjectRef {
  readonly uid: string;
  /** The hash of the manifest as it was applied. */
  readonly manifest: string;
  /** The hash of our fields, as the cluster answered. */
  readonly fields: string;
}

export const emptyInventory: Inventory = { entries: [], pending: [], scale: {} };

/** An inventory, and the Secret it was read from; the next write replaces just that one. */
export interface StoredInventory {
  readonly inventory: Inventory;
  readonly head: KubeObject | undefined;
}

export async function readInventory(cluster: Cluster, owner: Owner): Promise<StoredInventory> {
  const name = inventoryName(owner.app, owner.environment);
  const record = await readRecord<Inventory>(cluster, owner.namespace, name);
  return { inventory: record?.body ?? emptyInventory, head: record?.head };
}

/** Undefined when somebody else has written it since it was read. */
export async function writeInventory(
  cluster: Cluster,
  owner: Owner,
  inventory: Inventory,
  before: KubeObject | undefined,
): Promise<StoredInventory | undefined> {
  const name = inventoryName(owner.app, owner.environment);
  const refs = [...inventory.entries, ...inventory.pending];
  const head = await writeRecord(
    cluster,
    {
      name,
      kind: 'inventory',
      owner,
      summary: { entries: inventory.entries.length, pending: inventory.pending.length },
      // Other tools that know ApplySets leave this one alone (KEP-3659).
      labels: { 'applyset.kubernetes.io/id': applySetId(name, owner.namespace) },
      annotations: {
        'applyset.kubernetes.io/tooling': 'paas/v1',
        'applyset.kubernetes.io/contains-group-kinds': [...new Set(refs.map(groupKind))].sort().join(','),
      },
    },
    inventory,
    before,
  );
  return head && { inventory, head };
}

/** Every object that may be there: noted as made, or as about to be made. */
export function everyRef(inventory: Inventory): ObjectRef[] {
  const known = new Map<string, ObjectRef>();
  for (const { apiVersion, kind, name, namespace } of [...inventory.entries, ...inventory.pending]) {
    known.set(refKey({ kind, name }), { apiVersion, kind, name, ...(namespace && { namespace }) });
  }
  return [...known.values()];
}

/** What tells objects of one app apart. */
export function refKey({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind.toLowerCase()}/${name}`;
}

function groupKind({ apiVersion, kind }: ObjectRef): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group}`;
}
