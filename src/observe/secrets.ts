import type { Cluster } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { listSecrets } from '../releases/secrets.ts';

/** A secret that is stored, or that the app's file refers to. */
export interface SecretState {
  readonly name: string;
  /** The newest version; null where none is stored. */
  readonly version: number | null;
  /** When that was stored: ISO 8601. */
  readonly at: string | null;
  /** Components that refer to it. */
  readonly usedBy: readonly string[];
}

/** The secrets of an app in an environment, by name. Their values are never read. */
export async function listStoredSecrets(
  cluster: Cluster,
  owner: Owner,
  needed: readonly { readonly name: string; readonly by: readonly string[] }[],
): Promise<SecretState[]> {
  const stored = await listSecrets(cluster, owner);
  const names = [...new Set([...stored.map(({ name }) => name), ...needed.map(({ name }) => name)])].sort();
  return names.map((name) => {
    const newest = stored.find((one) => one.name === name);
    const usedBy = needed.find((one) => one.name === name)?.by ?? [];
    return { name, version: newest?.version ?? null, at: newest?.at ?? null, usedBy };
  });
}
