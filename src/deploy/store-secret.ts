import { readNamespace, refuseEnding } from '../changes/read-namespace.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { recordMoved } from '../problems/deploy.ts';
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
  refuseEnding(namespace);
  if (!namespace) await createNamespace(cluster, owner);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [known, releases] = await Promise.all([listSecrets(cluster, owner), listReleases(cluster, owner)]);
    const used = releases.map(({ summary }) => summary.secrets?.[secret.name] ?? 0);
    // Never one that was removed: what ran with that would take this for it.
    const version = Math.max(newestVersions(known)[secret.name] ?? 0, ...used) + 1;
    if (!(await createSecret(cluster, owner, { ...secret, version }))) continue;
    const older = known.filter(({ name }) => name === secret.name);
    await forgetVersions(cluster, older, new Set(used));
    return version;
  }
  return fail(recordMoved());
}

/** Removes every version of a secret; gives how many there were. */
export async function removeSecret(cluster: Cluster, owner: Owner, name: string): Promise<number> {
  const versions = (await listSecrets(cluster, owner)).filter((one) => one.name === name);
  // The oldest first: one that is left is the one that was the newest.
  for (const version of versions.toReversed()) await deleteSecret(cluster, version);
  return versions.length;
}

/** The release that runs with a secret: the newest, or else the last good one; undefined where neither does. */
export async function releaseWithSecret(
  cluster: Cluster,
  owner: Owner,
  name: string,
): Promise<number | undefined> {
  const releases = (await listReleases(cluster, owner)).map(({ summary }) => summary);
  const running = [releases[0], releases.find(({ outcome }) => outcome === 'succeeded')];
  return running.find((summary) => summary?.secrets?.[name] !== undefined)?.number;
}

/** A release that can be gone back to finds the values that it had. */
async function forgetVersions(
  cluster: Cluster,
  older: readonly StoredSecret[],
  needed: ReadonlySet<number>,
): Promise<void> {
  const [newest, ...others] = older;
  // What runs now may still be of the version before.
  for (const one of others) if (one !== newest && !needed.has(one.version)) await deleteSecret(cluster, one);
}
