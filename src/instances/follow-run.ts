import { setTimeout as sleep } from 'node:timers/promises';
import { isStatus } from '../cluster/api-error.ts';
import type { KubeObject, ObjectRef } from '../cluster/cluster.ts';
import { deleteObject, getObject } from '../cluster/objects.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import { labelKeys } from '../plan/names.ts';
import { cannotRun } from '../problems/deploy.ts';
import { runDeleted } from '../problems/instances.ts';
import { fail } from '../problems/problem.ts';
import type { ContainerStatus, Terminated } from '../readiness/container.ts';
import { jobReadiness } from '../readiness/job.ts';
import { connectRun } from './connect-run.ts';
import type { RunOnceOptions } from './run-once-options.ts';

/** How long the last words of a program may take after its instance is gone, in milliseconds. */
const lastWords = 5_000;

/**
 * Until the program of a job has ended, which `container` runs: its exit code; undefined where it was told to stop.
 */
export async function followRun(
  options: RunOnceOptions,
  job: ObjectRef,
  container: string,
): Promise<number | undefined> {
  const { cluster, component, signal, streams, stopping } = options;
  const namespace = job.namespace ?? '';
  const over = new AbortController();
  const pods: Objects = new Map();
  const jobs: Objects = new Map();
  let wake = (): void => {};
  let broken: unknown;
  const give = (error: unknown): void => {
    broken ??= error;
    wake();
  };
  /** What is known: of the rest, that it isn't there says nothing. */
  const listed = new Set<Objects>();
  const watch = (apiVersion: string, kind: string, objects: Objects, labelSelector: string): void => {
    const changed = (): void => {
      listed.add(objects);
      wake();
    };
    const options = { apiVersion, kind, namespace, labelSelector };
    watchObjects(cluster, options, objects, changed, over.signal).catch(give);
  };
  watch('v1', 'Pod', pods, `job-name=${job.name}`);
  watch('batch/v1', 'Job', jobs, `${labelKeys.run}=by-hand`);
  const stop = (): void => wake();
  signal.addEventListener('abort', stop, { once: true });
  let told = false;
  let hasRun = false;
  let connected: ReturnType<typeof connectRun> | undefined;
  try {
    for (;;) {
      if (signal.aborted && !told) {
        told = true;
        stopping();
        // Its last words are lost where its log broke off just now: the instance goes soon after they are said. What
        // broke before this question is known by its answer.
        await getObject(cluster, job).catch(() => {});
        await connected?.follows();
        // Its instance goes with it, as one of a component would: told first, ended when its time is over.
        await deleteObject(cluster, job);
      }
      const [pod] = pods.values();
      // The log of an instance that is gone is gone too: its job says what that means.
      if (broken && (pod || !isStatus(broken, 404))) throw broken;
      const status = statusOf(pod, container);
      const exit = status?.state?.terminated;
      if (pod && !connected && (status?.state?.running ?? exit)) {
        hasRun = true;
        const of = { namespace, pod: pod.metadata.name, container };
        connected = connectRun(cluster, of, streams, over.signal, { give, isGoing: () => told });
      }
      if (exit) {
        await connected?.end();
        if (broken && !told) throw broken;
        return told ? undefined : codeOf(exit);
      }
      // One that never began, or is gone already.
      if (told && (!hasRun || !pod)) {
        // That it has ended and that its instance is gone may be told in one moment: its last words are still on their way.
        await Promise.race([connected?.end(), sleep(lastWords, undefined, { ref: false })]);
        return undefined;
      }
      const live = [...jobs.values()].find(({ metadata }) => metadata.name === job.name);
      if (!live && !pod && listed.size === 2) {
        await connected?.end();
        fail(runDeleted(component, hasRun));
      }
      const facts = { pods: [...pods.values()], events: [] };
      const state = live && !told ? jobReadiness(live, facts, Date.now()) : undefined;
      if (state?.state === 'failed')
        fail(cannotRun(component, state.cause ?? { code: 'not-ready', message: state.message }));
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    over.abort();
  }
}

function statusOf(pod: KubeObject | undefined, name: string): ContainerStatus | undefined {
  return (pod?.status?.containerStatuses as ContainerStatus[] | undefined)?.find((one) => one.name === name);
}

/** A program that was killed says so by its signal alone. */
const codeOf = ({ exitCode, signal }: Terminated): number =>
  exitCode === 0 && signal ? 128 + signal : exitCode;
