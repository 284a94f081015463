import { readNamespace, refuseEnding } from '../changes/read-namespace.ts';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { type ListOptions, listObjects } from '../cluster/objects.ts';
import { awaitedWorkloads } from '../deploy/awaited.ts';
import type { Owner } from '../plan/labels.ts';
import type { ManualSize } from '../plan/manual-size.ts';
import { labelKeys } from '../plan/names.ts';
import { manifestsOf, type Plan } from '../plan/plan.ts';
import { type AutoscalerState, autoscalerState } from '../readiness/autoscaler.ts';
import type { Readiness } from '../readiness/cause.ts';
import { isAwaitedObject } from '../readiness/object.ts';
import type { Freeze } from '../releases/freeze.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { listRecords, readRelease } from '../releases/store.ts';
import { makeRedactor } from '../waiting/redact.ts';
import { readinessOf, redacted } from '../waiting/wait.ts';
import {
  isScheduled,
  type ObjectStatus,
  objectsOf,
  type ScheduledStatus,
  scheduledOf,
} from './status-of-objects.ts';

export interface ComponentStatus extends Readiness {
  readonly name: string;
  /** What scales it, where it hasn't a fixed number of instances. */
  readonly autoscaler?: AutoscalerState;
  /** The size of its instances, where it was set by hand. */
  readonly sized?: ManualSize;
}

/** What is true now. */
export interface Status {
  /** The newest release, however it ended; undefined when there is none. */
  readonly release: ReleaseSummary | undefined;
  readonly components: readonly ComponentStatus[];
  readonly scheduled: readonly ScheduledStatus[];
  readonly objects: readonly ObjectStatus[];
  /** The host names under which it is reached from outside. */
  readonly hosts: readonly string[];
  /** Somebody wants nothing to be changed for a while. */
  readonly freeze?: Freeze;
}

/** The kinds that a status is read from; one that is `optional` may be forbidden or unknown. */
export interface StatusKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelled: boolean;
  readonly optional: boolean;
}

const always: readonly StatusKind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment', labelled: true, optional: false },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', labelled: true, optional: false },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', labelled: true, optional: false },
  { apiVersion: 'v1', kind: 'Pod', labelled: true, optional: false },
  // Events only say why a probe fails; the rest stands without the right to read them.
  { apiVersion: 'v1', kind: 'Event', labelled: false, optional: true },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', labelled: false, optional: true },
];

/** What of an app's objects tells how it is. KEDA's autoscalers make others of Kubernetes' own kind. */
export function statusKinds(plan: Plan): readonly StatusKind[] {
  const scaledBy = new Set(plan.scale.flatMap(({ autoscaler }) => autoscaler?.kind ?? []));
  const common = { labelled: true, optional: false };
  const manifests = manifestsOf(plan);
  const others = new Map(
    manifests
      .filter(isAwaitedObject)
      .map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind, ...common }]),
  );
  return [
    ...always,
    ...(scaledBy.size > 0
      ? [{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', ...common }]
      : []),
    ...(scaledBy.has('ScaledObject')
      ? [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', ...common }]
      : []),
    ...(manifests.some(isScheduled)
      ? ['CronJob', 'Job'].map((kind) => ({ apiVersion: 'batch/v1', kind, ...common }))
      : []),
    ...others.values(),
  ];
}

/** How to list or watch one of these kinds. */
export function statusList(owner: Owner, { apiVersion, kind, labelled }: StatusKind): ListOptions {
  const labelSelector = `${labelKeys.app}=${owner.app},${labelKeys.environment}=${owner.environment}`;
  return { apiVersion, kind, namespace: owner.namespace, ...(labelled && { labelSelector }) };
}

/** The newest release of an app, with its plan, and whether it is frozen. */
export async function readNewest(cluster: Cluster, owner: Owner) {
  const { releases, freeze } = await listRecords(cluster, owner);
  const summary = releases[0]?.summary;
  const release = summary && (await readRelease(cluster, owner, summary.number));
  return { summary, plan: release?.plan, freeze: freeze?.freeze };
}

/**
 * Reads how an app is: the components of its newest release as they are in the cluster. Throws a PaasError
 * (`namespace-ending`) where nothing is left of it but a namespace that is being deleted.
 */
export async function readStatus(cluster: Cluster, owner: Owner, now: number): Promise<Status> {
  const newest = await readNewest(cluster, owner);
  const redactorOf = makeRedactor(cluster, owner.namespace);
  // What was deployed goes with its namespace, its record first.
  if (!newest.summary) refuseEnding(await readNamespace(cluster, owner.namespace));
  if (!newest.plan) return statusOf(newest, [], redactorOf, now);
  const objects = await Promise.all(
    statusKinds(newest.plan).map((kind) =>
      listObjects(cluster, statusList(owner, kind)).then(
        ({ items }) => items,
        (error) => (kind.optional && isStatus(error, 403) ? [] : Promise.reject(error)),
      ),
    ),
  );
  return statusOf(newest, objects.flat(), redactorOf, now);
}

/** How an app is, from what was read. `objects` are of the kinds that tell. */
export async function statusOf(
  { summary, plan, freeze }: Awaited<ReturnType<typeof readNewest>>,
  objects: readonly KubeObject[],
  redactorOf: ReturnType<typeof makeRedactor>,
  now: number,
): Promise<Status> {
  const frozen = freeze && { freeze };
  if (!plan) return { release: summary, components: [], scheduled: [], objects: [], hosts: [], ...frozen };
  const of = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  const autoscalers = of('HorizontalPodAutoscaler', 'ScaledObject');
  const autoscalerOf = new Map(
    plan.scale.flatMap(({ component, autoscaler }) =>
      autoscaler ? [[component, autoscalerState(autoscaler, autoscalers)] as const] : [],
    ),
  );
  const facts = {
    workloads: of('Deployment', 'StatefulSet', 'Job'),
    replicaSets: of('ReplicaSet'),
    pods: of('Pod'),
    events: of('Event'),
    claims: of('PersistentVolumeClaim'),
  };
  const found = readinessOf(awaitedWorkloads(plan), facts, now);
  // What a check got may be in the program's own words.
  const caused = [...found.values()].some(({ cause }) => cause);
  const redact = caused ? await redactorOf(facts.pods) : undefined;
  const readiness = [...found].map(([name, one]) => [name, redact ? redacted(one, redact) : one] as const);
  return {
    release: summary,
    ...frozen,
    components: readiness.map(([name, component]) => {
      const autoscaler = autoscalerOf.get(name);
      const sized = summary?.sizes?.[name];
      return { name, ...component, ...(autoscaler && { autoscaler }), ...(sized && { sized }) };
    }),
    scheduled: scheduledOf(plan, objects, facts, now),
    objects: objectsOf(plan, objects, facts),
    hosts: hostsOf(plan),
  };
}

/** The host names under which a plan is reached from outside. */
export function hostsOf(plan: Pick<Plan, 'phases'>): string[] {
  const hosts = manifestsOf(plan).flatMap(({ kind, spec }) => {
    const { hosts, hostnames, gateways } = (spec ?? {}) as Partial<Record<string, readonly string[]>>;
    // One for the mesh alone has the names of Services.
    if (kind === 'VirtualService') return gateways?.some((one) => one !== 'mesh') ? (hosts ?? []) : [];
    return /^(HTTP|TLS|GRPC)Route$/.test(kind) ? (hostnames ?? []) : [];
  });
  return [...new Set(hosts)].sort();
}
