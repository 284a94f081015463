import { readNamespace } from '../../changes/read-namespace.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { listObjects } from '../../cluster/objects.ts';
import { isAllowed } from '../../cluster/rights.ts';
import { lookAtCopies } from '../../deploy/copy-pull-secrets.ts';
import type { PlaceOf } from '../../deploy/failure.ts';
import { plannedPods } from '../../deploy/pre-flight/pods.ts';
import { checkQuotas, readQuotas } from '../../deploy/pre-flight/quotas.ts';
import { checkSecrets, foreignSecrets, mayMakeSecrets } from '../../deploy/pre-flight/secrets.ts';
import type { Owner } from '../../plan/labels.ts';
import { secretName } from '../../plan/names.ts';
import type { Plan } from '../../plan/plan.ts';
import { copiedPullSecrets } from '../../plan/pull-secrets.ts';
import { missingRights } from '../../problems/cluster.ts';
import { secretMissing } from '../../problems/deploy.ts';
import { namespaceMissing } from '../../problems/platform.ts';
import type { Place } from '../../problems/problem.ts';
import { listSecrets, newestVersions } from '../../releases/secrets.ts';
import { type Check, notChecked, ok, outcome } from './check.ts';
import { checkHosts } from './hosts.ts';
import { findKinds } from './kinds.ts';
import { checkNodes } from './nodes.ts';
import { readable } from './readable.ts';
import { checkRights } from './rights.ts';
import { checkStorage } from './storage.ts';

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
  const { known, problems: unknown } = await findKinds(cluster, plan);
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
    checkRights(cluster, namespace, known),
    outcome('kinds', unknown, `${known.length} kinds, all known to the cluster`),
    secretsCheck(),
    quotaCheck(),
    checkStorage(cluster, plan),
    nodesCheck(),
    checkHosts(cluster, owner, plan),
  ]);

  async function secretsCheck(): Promise<Check> {
    const copied = copiedPullSecrets(plan);
    const { problems: uncopied } = await lookAtCopies(cluster, owner, plan);
    const absent = [...missing.map(({ name, at }) => secretMissing(name, at)), ...uncopied];
    if (!stored) return notChecked('secrets', 'you may not list secrets');
    if (needed.length + wanted.length + copied.length === 0) return ok('secrets', 'none is needed');
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
  const problems = may ? [] : [missingRights(undefined, ['namespaces: create'])];
  return outcome('namespace', problems, `${owner.namespace} is made by the first deploy`);
}
