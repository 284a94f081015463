import { readNamespace } from '../../changes/read-state.ts';
import { isStatus } from '../../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { listObjects } from '../../cluster/objects.ts';
import { describeResource, isAllowed, missingRights, type Right, resourceOf } from '../../cluster/rights.ts';
import type { PlaceOf } from '../../deploy/failure.ts';
import { plannedPods } from '../../deploy/pre-flight/pods.ts';
import { checkQuotas, readQuotas } from '../../deploy/pre-flight/quotas.ts';
import { checkSecrets, foreignSecrets, mayMakeSecrets } from '../../deploy/pre-flight/secrets.ts';
import type { Owner } from '../../plan/labels.ts';
import { secretName } from '../../plan/names.ts';
import type { Plan } from '../../plan/plan.ts';
import { secretMissing } from '../../problems/deploy.ts';
import { namespaceMissing } from '../../problems/platform.ts';
import { rightsMissing, storageClassMissing } from '../../problems/pre-flight.ts';
import { PaasError, type Place, type Problem } from '../../problems/problem.ts';
import { listSecrets, newestVersions } from '../../releases/secrets.ts';
import { hostsOf } from '../status.ts';
import { type Check, notChecked, ok, outcome } from './check.ts';
import { checkHosts, routingKinds } from './hosts.ts';
import { checkNodes } from './nodes.ts';

export interface DoctorOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  /** The plan for versions of stored secrets, by their names. */
  readonly planFor: (secrets: Readonly<Record<string, number>>) => Plan;
  /** The stored secrets that the file refers to. */
  readonly needed: readonly { readonly name: string; readonly at: Place | undefined }[];
  readonly mayCreateNamespace: boolean;
  readonly placeOf: PlaceOf;
}

/** Looks whether a deploy can succeed, as far as that can be known before. Nothing is written. */
export async function examine(options: DoctorOptions): Promise<Check[]> {
  const { cluster, owner, needed, placeOf } = options;
  const { namespace } = owner;
  const there = await readNamespace(cluster, namespace);
  const stored = there ? await readable(() => listSecrets(cluster, owner)) : [];
  const versions = newestVersions(stored ?? []);
  const plan = options.planFor({ ...Object.fromEntries(needed.map(({ name }) => [name, 1])), ...versions });
  const kinds = uniqueKinds(plan);
  const { known, problems: unknown } = await findKinds(cluster, kinds);
  const pods = plannedPods(plan);
  const missing = stored ? needed.filter(({ name }) => versions[name] === undefined) : [];
  const names = new Set(stored?.map(({ object }) => object.metadata.name));
  // One of ours that isn't stored yet has a problem of its own.
  for (const { name } of missing) {
    for (const shared of [true, false]) names.add(secretName(owner.app, name, 1, shared));
  }
  const wanted = foreignSecrets(plan, pods, names);
  return Promise.all([
    namespaceCheck(options, there !== undefined),
    rights(cluster, namespace, known),
    outcome('kinds', unknown, `${known.length} kinds, all known to the cluster`),
    secretsCheck(),
    quotaCheck(),
    storage(cluster, plan),
    nodesCheck(),
    hosts(cluster, owner, plan),
  ]);

  async function secretsCheck(): Promise<Check> {
    const absent = missing.map(({ name, at }) => secretMissing(name, at));
    if (!stored) return notChecked('secrets', 'you may not list secrets');
    if (needed.length + wanted.length === 0) return ok('secrets', 'none is needed');
    if (wanted.length > 0 && mayMakeSecrets(plan) && absent.length === 0)
      return notChecked('secrets', 'objects of this app may make them');
    const { problems, unread } = await checkSecrets(cluster, namespace, wanted, placeOf);
    if (unread.length > 0 && problems.length + absent.length === 0)
      return notChecked('secrets', `you may not read ${unread.join(', ')}`);
    return outcome('secrets', [...absent, ...problems], 'all there, with their keys');
  }

  async function quotaCheck(): Promise<Check> {
    if (!there) return ok('quota', 'the namespace is yet to be made');
    const objects = await readQuotas(cluster, namespace);
    if (!objects) return notChecked('quota', 'you may not list quotas and limit ranges');
    if (objects.length === 0) return ok('quota', 'the namespace has none');
    return outcome('quota', checkQuotas(pods, objects, placeOf), 'all instances fit');
  }

  async function nodesCheck(): Promise<Check> {
    const nodes = await readable(
      async () => (await listObjects(cluster, { apiVersion: 'v1', kind: 'Node' })).items,
    );
    if (!nodes) return notChecked('nodes', 'you may not list nodes');
    return outcome('nodes', checkNodes(pods, nodes, placeOf), 'each component has one that takes it');
  }
}

async function namespaceCheck(
  { cluster, owner, mayCreateNamespace }: DoctorOptions,
  there: boolean,
): Promise<Check> {
  if (there) return ok('namespace', `${owner.namespace} is there`);
  if (!mayCreateNamespace) return outcome('namespace', [namespaceMissing(owner.namespace)], '');
  const right = { verb: 'create', group: '', resource: 'namespaces' };
  const may = await isAllowed(cluster, undefined, right);
  const problems = may ? [] : [rightsMissing(['create namespaces'], 'in the cluster')];
  return outcome('namespace', problems, `${owner.namespace} is made by the first deploy`);
}

/** What the program does beside its plan's objects: records, the lock, and looking at what runs. */
const always: readonly Right[] = [
  ...['list', 'get', 'create', 'patch', 'update', 'delete'].map((verb) => ({
    verb,
    group: '',
    resource: 'secrets',
  })),
  ...['get', 'create', 'update'].map((verb) => ({ verb, group: 'coordination.k8s.io', resource: 'leases' })),
  ...['list', 'watch'].map((verb) => ({ verb, group: '', resource: 'pods' })),
  { verb: 'get', group: '', resource: 'pods', part: 'log' },
  ...['list', 'watch'].map((verb) => ({ verb, group: 'apps', resource: 'replicasets' })),
];

async function rights(
  cluster: Cluster,
  namespace: string,
  kinds: readonly { readonly group: string; readonly resource: string }[],
): Promise<Check> {
  const ofPlan = kinds.flatMap((kind) =>
    ['list', 'get', 'create', 'patch', 'delete'].map((verb) => ({ verb, ...kind })),
  );
  const all = [...new Map([...always, ...ofPlan].map((right) => [words(right), right])).values()];
  const missing = await missingRights(cluster, namespace, all);
  const byResource = Map.groupBy(missing, ({ group, resource, part }) =>
    words({ verb: '', group, resource, ...(part && { part }) }),
  );
  const lines = [...byResource].map(
    ([what, rights]) => `${rights.map(({ verb }) => verb).join(', ')}${what}`,
  );
  const problems = missing.length > 0 ? [rightsMissing(lines, `in namespace ${namespace}`)] : [];
  return outcome('rights', problems, `all ${all.length} that a deploy needs`);
}

function words({ verb, ...right }: Right): string {
  return `${verb} ${describeResource(right)}`;
}

async function findKinds(cluster: Cluster, kinds: readonly { apiVersion: string; kind: string }[]) {
  const known: { group: string; resource: string }[] = [];
  const problems: Problem[] = [];
  for (const { apiVersion, kind } of kinds) {
    try {
      known.push(await resourceOf(cluster, { apiVersion, kind }));
    } catch (error) {
      if (!(error instanceof PaasError)) throw error;
      problems.push(...error.problems.map((problem): Problem => ({ ...problem, kind: 'refused' })));
    }
  }
  return { known, problems };
}

async function storage(cluster: Cluster, plan: Plan): Promise<Check> {
  const claims = plan.phases
    .flatMap(({ manifests }) => manifests)
    .flatMap((manifest) => {
      const { kind, metadata } = manifest;
      // biome-ignore lint/suspicious/noExplicitAny: each kind has a spec of its own.
      const spec = manifest.spec as any;
      const object = `${kind.toLowerCase()}/${metadata.name}`;
      if (kind === 'PersistentVolumeClaim')
        return [{ object, name: spec?.storageClassName as string | undefined }];
      return ((spec?.volumeClaimTemplates ?? []) as { spec?: { storageClassName?: string } }[]).map(
        (claim) => ({
          object,
          name: claim.spec?.storageClassName,
        }),
      );
    });
  if (claims.length === 0) return ok('storage', 'none is needed');
  const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' };
  const classes = await readable(async () => (await listObjects(cluster, kind)).items);
  if (!classes) return notChecked('storage', 'you may not list storage classes');
  const byDefault = 'storageclass.kubernetes.io/is-default-class';
  const problems = claims
    .filter(({ name }) =>
      name === undefined
        ? !classes.some(({ metadata }) => metadata.annotations?.[byDefault] === 'true')
        : name !== '' && !classes.some(({ metadata }) => metadata.name === name),
    )
    .map(({ name, object }) => storageClassMissing(name, object));
  return outcome('storage', problems, 'the storage classes are there');
}

async function hosts(cluster: Cluster, owner: Owner, plan: Plan): Promise<Check> {
  const wanted = hostsOf(plan);
  if (wanted.length === 0) return ok('hosts', 'no route has a host name');
  const objects: KubeObject[] = [];
  const unread: string[] = [];
  for (const kind of routingKinds) {
    const found = await readable(async () => (await listObjects(cluster, kind)).items);
    if (found) objects.push(...found);
    else unread.push(kind.kind);
  }
  const problems = checkHosts(wanted, objects, owner);
  if (problems.length === 0 && unread.length > 0)
    return notChecked('hosts', `you may not list ${unread.join(', ')} of all namespaces`);
  return outcome('hosts', problems, `nobody else has ${wanted.join(', ')}`);
}

/** Undefined where it may not be read; nothing where the cluster has no such kind. */
async function readable<T>(read: () => Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    if (error instanceof PaasError && error.problems[0]?.code === 'unknown-kind') return [];
    throw error;
  }
}

function uniqueKinds(plan: Plan): { apiVersion: string; kind: string }[] {
  const all = plan.phases.flatMap(({ manifests }) => manifests);
  return [
    ...new Map(all.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }])).values(),
  ];
}
