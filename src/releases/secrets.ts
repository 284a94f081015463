import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { createObject, deleteObject, listObjects } from '../cluster/objects.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { labelKeys, managerName, ownerName, secretName } from '../plan/names.ts';

/** A version of a stored secret. Its value is never read. */
export interface StoredSecret {
  readonly name: string;
  readonly version: number;
  /** When it was stored: ISO 8601. */
  readonly at: string;
  readonly object: KubeObject;
}

/** Secrets of an app in an environment that are no records, without values. */
export interface OwnSecrets {
  /** Every version of every stored secret, the newest first. */
  readonly stored: readonly StoredSecret[];
  /** Copies of the platform's pull secrets. */
  readonly copies: readonly KubeObject[];
}

/** All of them by one request. */
export async function listOwnSecrets(cluster: Cluster, owner: Owner): Promise<OwnSecrets> {
  const items = await listLabelled(cluster, owner, `!${labelKeys.record}`);
  const labelled = (key: string) => items.filter(({ metadata }) => metadata.labels?.[key] !== undefined);
  return { stored: versionsOf(labelled(labelKeys.secret)), copies: labelled(labelKeys.pullSecret) };
}

/** Every version of every stored secret of an app in an environment, without values; the newest first. */
export async function listSecrets(cluster: Cluster, owner: Owner): Promise<StoredSecret[]> {
  return versionsOf(await listLabelled(cluster, owner, labelKeys.secret));
}

async function listLabelled(cluster: Cluster, owner: Owner, label: string): Promise<KubeObject[]> {
  const { items } = await listObjects(cluster, {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: owner.namespace,
    labelSelector: `${labelKeys.owner}=${ownerName(owner.app, owner.environment)},${label}`,
    metadataOnly: true,
  });
  return items;
}

function versionsOf(items: readonly KubeObject[]): StoredSecret[] {
  return items
    .map((object) => ({
      name: object.metadata.annotations?.[labelKeys.secret] ?? '',
      version: Number(/-v(\d+)$/.exec(object.metadata.name)?.[1] ?? 0),
      at: object.metadata.creationTimestamp ?? '',
      object,
    }))
    .filter(({ name, version }) => name !== '' && version > 0)
    .sort((a, b) => (a.name === b.name ? b.version - a.version : a.name < b.name ? -1 : 1));
}

/** The newest version of each. */
export function newestVersions(secrets: readonly StoredSecret[]): Record<string, number> {
  const newest: Record<string, number> = {};
  for (const { name, version } of secrets) newest[name] = Math.max(newest[name] ?? 0, version);
  return newest;
}

/** Stores a value as a new version. Undefined where somebody else was faster. */
export async function createSecret(
  cluster: Cluster,
  owner: Owner,
  {
    name,
    version,
    value,
    sharedNamespace,
  }: {
    readonly name: string;
    readonly version: number;
    readonly value: Uint8Array;
    readonly sharedNamespace: boolean;
  },
): Promise<KubeObject | undefined> {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretName(owner.app, name, version, sharedNamespace),
      namespace: owner.namespace,
      // The name as it was given: a label has fewer characters.
      annotations: { [labelKeys.secret]: name },
      labels: { ...ownerLabels(owner), [labelKeys.secret]: 'true' },
    },
    immutable: true,
    type: 'Opaque',
    data: { value: Buffer.from(value).toString('base64') },
  };
  return createObject(cluster, object, managerName(owner.app, owner.environment));
}

export async function deleteSecret(cluster: Cluster, { object }: StoredSecret): Promise<boolean> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, uid } = metadata;
  return deleteObject(cluster, { apiVersion, kind, name, ...(namespace && { namespace }) }, { uid });
}
