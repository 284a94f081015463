import { readNamespace } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { namespaceEnding, recordMoved } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import {
  createSecret,
  deleteSecret,
  listSecrets,
  newestVersions,
  type StoredSecret,
} from '../releases/secrets.ts';
import { listReleases } from '../releases/store.ts';
import { createNamespace } from './namespace.ts';

/** A value to store, and how the namespace's Secrets are named. */
export interface NewSecret {
  readonly name: string;
  readonly value: Uint8Array;
  readonly sharedNamespace: boolean;
}

/** Tries where several store at once. */
const attempts = 5;

/**
 * Stores a value as the newest version of a secret, and gives its number. The namespace is made where it isn't there:
 * secrets come before the first deploy. Versions that no kept release needs go.
 */
export async function storeSecret(cluster: Cluster, owner: Owner, secret: NewSecret): Promise<number> {
  const namespace = await readNamespace(cluster, owner.namespace);
  if (namespace?.metadata.deletionTimestamp) fail(namespaceEnding(owner.namespace));
  if (!namespace) await createNamespace(cluster, owner);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const known = await listSecrets(cluster, owner);
    const version = (newestVersions(known)[secret.name] ?? 0) + 1;
    if (!(await createSecret(cluster, owner, { ...secret, version }))) continue;
    await forgetVersions(
      cluster,
      owner,
      known.filter(({ name }) => name === secret.name),
    );
    return version;
  }
  return fail(recordMoved());
}

/** Removes every version of a secret; gives how many there were. */
export async function removeSecret(cluster: Cluster, owner: Owner, name: string): Promise<number> {
  const versions = (await listSecrets(cluster, owner)).filter((one) => one.name === name);
  for (const version of versions) await deleteSecret(cluster, version);
  return versions.length;
}

/** A release that can be gone back to finds the values that it had. */
async function forgetVersions(cluster: Cluster, owner: Owner, older: readonly StoredSecret[]): Promise<void> {
  const releases = await listReleases(cluster, owner);
  const needed = new Set(releases.map(({ summary }) => summary.secrets?.[older[0]?.name ?? '']));
  const [newest, ...others] = older;
  // What runs now may still be of the version before.
  for (const one of others) if (one !== newest && !needed.has(one.version)) await deleteSecret(cluster, one);
}
