import { ApiError } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import { labelKeys } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { hasEnded } from '../readiness/job.ts';
import type { Awaited, Facts } from '../readiness/workload.ts';

/** Facts that are kept true. */
export interface WatchedFacts {
  /** Undefined until everything was read once. Throws what ended a watch for good. */
  readonly now: () => Facts | undefined;
  /** When the cluster last told anything: by `performance.now()`. */
  readonly heard: () => number;
  /** Resolves when every watch has ended. */
  readonly ended: () => Promise<unknown>;
}

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelled: boolean;
  /** Without the right to read it the rest still stands. */
  readonly optional: boolean;
}

const workloads: Readonly<Record<string, readonly Kind[]>> = {
  Deployment: [required('apps/v1', 'Deployment'), required('apps/v1', 'ReplicaSet')],
  StatefulSet: [required('apps/v1', 'StatefulSet')],
  Job: [required('batch/v1', 'Job')],
};

/** What may not be watched, or is no longer known, keeps nobody waiting. */
function kindsOf({ apiVersion, kind }: Awaited): readonly Kind[] {
  if (workloads[kind]) return workloads[kind];
  return [{ apiVersion: apiVersion ?? 'v1', kind, labelled: true, optional: true }];
}

/** The version of the API in which something awaited is read. */
export function apiVersionOf(awaited: Awaited): string {
  return kindsOf(awaited)[0]!.apiVersion;
}

function required(apiVersion: string, kind: string): Kind {
  return { apiVersion, kind, labelled: true, optional: false };
}

const claims: Kind = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  labelled: false,
  optional: true,
};

function kindsFor(awaited: readonly Awaited[]): Kind[] {
  const own = new Map(awaited.flatMap(kindsOf).map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]));
  const runs = awaited.some(({ kind }) => workloads[kind]);
  return [
    ...own.values(),
    ...(runs ? [required('v1', 'Pod')] : []),
    { apiVersion: 'v1', kind: 'Event', labelled: false, optional: true },
  ];
}

/** Watches what is awaited and what it makes; `changed` is called with each change. */
export function watchFacts(
  cluster: Cluster,
  plan: Pick<Plan, 'app' | 'environment' | 'namespace'>,
  awaited: readonly Awaited[],
  changed: () => void,
  signal: AbortSignal,
): WatchedFacts {
  const kinds = kindsFor(awaited);
  const objects: Objects[] = [];
  const listed = new Set<number>();
  const selector = `${labelKeys.app}=${plan.app},${labelKeys.environment}=${plan.environment}`;
  const unwatched = new Set<string>();
  // A job may be removed once it has ended (ttlSecondsAfterFinished): how it ended stays true.
  const ended = new Map<string, KubeObject>();
  const others = awaited.map(({ kind }) => kind).filter((kind) => !workloads[kind]);
  let broken: unknown;
  let heard = performance.now();
  /** The last that were asked for, as long as they are true: what is looked for in them is sorted once. */
  let facts: Facts | undefined;
  const watches: Promise<void>[] = [];
  const begin = ({ apiVersion, kind, labelled, optional }: Kind): void => {
    const index = objects.push(new Map()) - 1;
    const told = (deleted?: KubeObject): void => {
      if (deleted?.kind === 'Job' && hasEnded(deleted)) ended.set(deleted.metadata.name, deleted);
      listed.add(index);
      facts = undefined;
      heard = performance.now();
      changed();
    };
    const options = {
      apiVersion,
      kind,
      namespace: plan.namespace,
      ...(labelled && { labelSelector: selector }),
    };
    const watched = watchObjects(cluster, options, objects[index]!, told, signal).catch((error) => {
      if (signal.aborted) return;
      if (optional && error instanceof ApiError && error.status === 403) {
        unwatched.add(kind);
        told();
      } else broken = error;
      changed();
    });
    watches.push(watched);
  };
  kinds.forEach(begin);
  const of = (...names: string[]): KubeObject[] =>
    kinds.flatMap(({ kind }, index) => (names.includes(kind) ? [...objects[index]!.values()] : []));
  const endedJobs = (): KubeObject[] => {
    const there = new Set(of('Job').map(({ metadata }) => metadata.name));
    return [...ended.values()].filter(({ metadata }) => !there.has(metadata.name));
  };
  return {
    now: () => {
      if (broken) throw broken;
      if (listed.size < kinds.length) return undefined;
      // Only instances with volumes have claims, which say why there is no volume.
      if (!kinds.includes(claims) && of('Pod').some(hasClaim)) {
        kinds.push(claims);
        begin(claims);
        return undefined;
      }
      facts ??= {
        workloads: [...of('Deployment', 'StatefulSet', 'Job', ...others), ...endedJobs()],
        replicaSets: of('ReplicaSet'),
        pods: of('Pod'),
        events: of('Event'),
        claims: of('PersistentVolumeClaim'),
        unwatched,
      };
      return facts;
    },
    heard: () => heard,
    ended: () => Promise.allSettled(watches),
  };
}

function hasClaim({ spec }: KubeObject): boolean {
  return ((spec?.volumes ?? []) as { persistentVolumeClaim?: object }[]).some(
    ({ persistentVolumeClaim }) => persistentVolumeClaim,
  );
}
