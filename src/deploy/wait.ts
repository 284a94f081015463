import { ApiError } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import type { Event } from '../events.ts';
import { labelKeys } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { Readiness } from '../readiness/cause.ts';
import { type Awaited, type Facts, workloadReadiness } from '../readiness/workload.ts';

export interface WaitResult {
  readonly state: 'ready' | 'failed' | 'undecided';
  /** The readiness of every component at the end. */
  readonly components: ReadonlyMap<string, Readiness>;
}

/** What the facts are made of. Events say why a probe fails; without the right to read them the rest still stands. */
const others = [
  { apiVersion: 'v1', kind: 'Pod', labelled: true, optional: false },
  { apiVersion: 'v1', kind: 'Event', labelled: false, optional: true },
] as const;
const workloads: Readonly<Record<string, readonly { apiVersion: string; kind: string }[]>> = {
  Deployment: [
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  ],
  StatefulSet: [{ apiVersion: 'apps/v1', kind: 'StatefulSet' }],
  Job: [{ apiVersion: 'batch/v1', kind: 'Job' }],
};

function kindsFor(awaited: readonly Awaited[]) {
  const kinds = [...new Set(awaited.map(({ kind }) => kind))].flatMap((kind) => workloads[kind] ?? []);
  return [...kinds.map((kind) => ({ ...kind, labelled: true, optional: false })), ...others];
}

/** Even where nothing happens, time goes by: deadlines are looked at this often, in milliseconds. */
const tick = 1_000;

/**
 * Waits until everything awaited is ready, one of it has failed, or the time (milliseconds) is over.
 * Yields how far each is, when it changes.
 */
export async function* waitReady(
  cluster: Cluster,
  plan: Pick<Plan, 'app' | 'environment' | 'namespace'>,
  awaited: readonly Awaited[],
  timeout: number,
  signal: AbortSignal,
): AsyncGenerator<Event, WaitResult> {
  if (awaited.length === 0) return { state: 'ready', components: new Map() };
  const kinds = kindsFor(awaited);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const bell = makeBell();
  const objects = kinds.map((): Objects => new Map());
  const listed = new Set<number>();
  let broken: unknown;
  const selector = `${labelKeys.app}=${plan.app},${labelKeys.environment}=${plan.environment}`;
  const watches = kinds.map(({ apiVersion, kind, labelled, optional }, index) => {
    const changed = (): void => {
      listed.add(index);
      bell.ring();
    };
    const options = {
      apiVersion,
      kind,
      namespace: plan.namespace,
      ...(labelled && { labelSelector: selector }),
    };
    return watchObjects(cluster, options, objects[index]!, changed, stop).catch((error) => {
      if (stop.aborted) return;
      if (optional && error instanceof ApiError && error.status === 403) changed();
      else broken = error;
      bell.ring();
    });
  });
  const told = new Map<string, string>();
  const begun = performance.now();
  try {
    for (;;) {
      await bell.next(tick);
      signal.throwIfAborted();
      if (broken) throw broken;
      if (listed.size < kinds.length) continue;
      const components = readinessOf(awaited, factsOf(kinds, objects), Date.now());
      for (const [component, readiness] of components) {
        const event = toEvent(component, readiness);
        const words = JSON.stringify(event);
        if (told.get(component) !== words) yield event;
        told.set(component, words);
      }
      const states = [...components.values()].map(({ state }) => state);
      if (states.includes('failed')) return { state: 'failed', components };
      if (states.every((state) => state === 'ready')) return { state: 'ready', components };
      if (performance.now() - begun > timeout) return { state: 'undecided', components };
    }
  } finally {
    ended.abort();
    await Promise.allSettled(watches);
  }
}

function factsOf(kinds: readonly { kind: string }[], objects: readonly Objects[]): Facts {
  const of = (...names: string[]): KubeObject[] =>
    kinds.flatMap(({ kind }, index) => (names.includes(kind) ? [...objects[index]!.values()] : []));
  return {
    workloads: of('Deployment', 'StatefulSet', 'Job'),
    replicaSets: of('ReplicaSet'),
    pods: of('Pod'),
    events: of('Event'),
  };
}

/** The readiness of every component from objects that were read. */
export function readinessOf(awaited: readonly Awaited[], facts: Facts, now: number): Map<string, Readiness> {
  return new Map(awaited.map((one) => [one.component, workloadReadiness(one, facts, now)]));
}

function toEvent(component: string, { state, ready, wanted, message, cause }: Readiness): Event {
  return {
    type: 'progress',
    component,
    state,
    ready,
    wanted,
    message,
    ...(cause && { cause: { code: cause.code, message: cause.message } }),
  };
}

/** Rings that nobody waits for are kept, and several count as one. */
function makeBell(): { ring: () => void; next: (milliseconds: number) => Promise<void> } {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    next: async (milliseconds) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wake = undefined;
    },
  };
}
