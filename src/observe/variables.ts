import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { findWorkload } from '../instances/find-workload.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { manifestsOf, type Plan } from '../plan/plan.ts';
import { listSecrets, newestVersions, type StoredSecret } from '../releases/secrets.ts';
import { listReleases } from '../releases/store.ts';

/** A variable that a component gets. */
export interface Variable {
  readonly name: string;
  /** Null where it stands in a secret, which is never read. */
  readonly value: string | null;
  /** `version`: null for a secret that somebody else made, which has none. */
  readonly secret?: { readonly name: string; readonly version: number | null };
  /** Whether what is deployed and what the file says are the same; else what the next deploy does. */
  readonly next: 'same' | 'changed' | 'added' | 'removed';
}

export interface Variables {
  /** The newest release; undefined where nothing is deployed: then they are those of the file. */
  readonly release: number | undefined;
  readonly variables: readonly Variable[];
}

/** The variables of a component as they are deployed, and what of them the file says otherwise by now. */
export async function readVariables(
  cluster: Cluster,
  owner: Owner,
  component: string,
  planFor: (inputs: { readonly release: number; readonly secrets: Readonly<Record<string, number>> }) => Plan,
): Promise<Variables> {
  const [workload, releases, stored] = await Promise.all([
    findWorkload(cluster, owner, component),
    listReleases(cluster, owner),
    listSecrets(cluster, owner),
  ]);
  const release = releases[0]?.summary.number;
  const plan = planFor({ release: release ?? 1, secrets: newestVersions(stored) });
  const said = manifestsOf(plan).find(
    ({ kind, metadata }) => runs.has(kind) && metadata.labels?.[labelKeys.component] === component,
  );
  const [now, then] = [variablesOf(workload, stored), variablesOf(said as KubeObject | undefined, stored)];
  const names = [...now.keys(), ...[...then.keys()].filter((name) => !now.has(name))];
  const variables = names.map((name): Variable => {
    const [here, next] = [now.get(name), then.get(name)];
    const same = JSON.stringify(here) === JSON.stringify(next);
    const { value, ...rest } = (here ?? next)!;
    const shown = value === null ? null : masked(value);
    return { ...rest, value: shown, next: same ? 'same' : !here ? 'added' : !next ? 'removed' : 'changed' };
  });
  return {
    release: workload && release,
    variables: workload ? variables : variables.map((one) => ({ ...one, next: 'same' })),
  };
}

const runs: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'CronJob', 'Job']);

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } };
}

function variablesOf(
  workload: KubeObject | undefined,
  stored: readonly StoredSecret[],
): Map<string, Omit<Variable, 'next'>> {
  const pod = workload?.spec?.template ?? workload?.spec?.jobTemplate?.spec?.template;
  const env = (pod?.spec?.containers?.[0]?.env ?? []) as readonly EnvVar[];
  const read = ({ name, value = '', valueFrom }: EnvVar): Omit<Variable, 'next'> => {
    const secret = valueFrom?.secretKeyRef?.name;
    // What Kubernetes would replace stands there twice.
    if (secret === undefined) return { name, value: value.replaceAll('$$', '$') };
    const own = stored.find(({ object }) => object.metadata.name === secret);
    return { name, value: null, secret: { name: own?.name ?? secret, version: own?.version ?? null } };
  };
  return new Map(env.map((one) => [one.name, read(one)]));
}

/** Without the password that a URL may hold. */
const masked = (value: string): string =>
  value.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:)[^/\s@]+@/gi, '$1•••@');
