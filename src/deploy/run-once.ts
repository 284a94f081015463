import { randomBytes } from 'node:crypto';
import type { Cluster, KubeObject, ObjectRef } from '../cluster/cluster.ts';
import { createObject, deleteObject, listObjects } from '../cluster/objects.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { labelKeys, managerName, runName, runTrack } from '../plan/names.ts';
import { cannotRun, notDeployed } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import type { ContainerStatus, Terminated } from '../readiness/container.ts';
import { jobReadiness } from '../readiness/job.ts';
import { copyLog } from './copy-log.ts';
import { refOf } from './read-state.ts';

export interface RunOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  readonly component: string;
  /** In place of the component's command; none: as it stands there. */
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  /** What the program writes, as it comes. */
  readonly write: (chunk: Uint8Array) => void;
}

/** A job that nobody asks about is kept for an hour, where its maker was killed. */
const secondsKept = 3_600;
/** What may run a component, the likeliest first. */
const workloads = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'batch/v1', kind: 'Job' },
];

/**
 * Runs a program once, in an instance like those of a component as they are deployed now, and gives its exit code.
 * Its job goes when it has ended, or when the run is interrupted.
 */
export async function runOnce(options: RunOptions): Promise<number> {
  const { cluster, owner, component } = options;
  const workload = await findWorkload(cluster, owner, component);
  if (!workload) fail(notDeployed(component, owner.environment));
  const manager = managerName(owner.app, owner.environment);
  const made = await createObject(cluster, asJob(workload, options), manager);
  const ref = refOf(made ?? fail(notDeployed(component, owner.environment)));
  try {
    return await follow(options, ref);
  } finally {
    await deleteObject(cluster, ref, { propagation: 'Background' });
  }
}

async function findWorkload(
  cluster: Cluster,
  { app, environment, namespace }: Owner,
  component: string,
): Promise<KubeObject | undefined> {
  const labelSelector = `${labelKeys.app}=${app},${labelKeys.environment}=${environment},${labelKeys.component}=${component}`;
  const lists = await Promise.all(
    workloads.map(async (kind) => (await listObjects(cluster, { ...kind, namespace, labelSelector })).items),
  );
  return lists.flat().filter(({ metadata }) => !metadata.labels?.[labelKeys.run])[0];
}

/** The instance without what belongs to one that serves: no Service finds it, nothing asks whether it is ready. */
function asJob(workload: KubeObject, { owner, component, command }: RunOptions): KubeObject {
  const pod = workload.spec.template ?? workload.spec.jobTemplate.spec.template;
  const [first, ...others] = pod.spec.containers;
  const {
    ports: _,
    readinessProbe: __,
    livenessProbe: ___,
    startupProbe: ____,
    lifecycle: _____,
    ...rest
  } = first;
  const volumes: readonly { name: string }[] = pod.spec.volumes ?? [];
  // The volumes of single instances of a StatefulSet are theirs alone.
  const mounts = (rest.volumeMounts ?? []).filter(({ name }: { name: string }) =>
    volumes.some((volume) => volume.name === name),
  );
  const container = { ...rest, volumeMounts: mounts, ...(command.length > 0 && { args: command }) };
  const labels = {
    ...ownerLabels(owner),
    [labelKeys.component]: component,
    [labelKeys.track]: runTrack,
    [labelKeys.run]: 'by-hand',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: runName(component, randomBytes(4).toString('hex')),
      namespace: owner.namespace,
      labels,
    },
    spec: {
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      ttlSecondsAfterFinished: secondsKept,
      template: {
        metadata: { labels, ...(pod.metadata?.annotations && { annotations: pod.metadata.annotations }) },
        spec: { ...pod.spec, restartPolicy: 'Never', containers: [container, ...others] },
      },
    },
  };
}

/** Until the program has ended: what it writes, and its exit code. */
async function follow({ cluster, component, signal, write }: RunOptions, job: ObjectRef): Promise<number> {
  const namespace = job.namespace ?? '';
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const pods: Objects = new Map();
  const jobs: Objects = new Map();
  let wake = (): void => {};
  let broken: unknown;
  const watch = (apiVersion: string, kind: string, objects: Objects, selector: object): void => {
    watchObjects(cluster, { apiVersion, kind, namespace, ...selector }, objects, () => wake(), stop).catch(
      (error) => {
        broken = error;
        wake();
      },
    );
  };
  watch('v1', 'Pod', pods, { labelSelector: `job-name=${job.name}` });
  watch('batch/v1', 'Job', jobs, { labelSelector: `${labelKeys.run}=by-hand` });
  signal.addEventListener('abort', () => wake(), { once: true });
  let ending = (): void => {};
  const over = new Promise<void>((resolve) => {
    ending = resolve;
  });
  let copied: Promise<void> | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      if (broken) throw broken;
      const [pod] = pods.values();
      const status = ownContainer(pod);
      if (pod && !copied && (status?.state?.running ?? status?.state?.terminated)) {
        const of = { namespace, pod: pod.metadata.name, container: pod.spec.containers[0].name };
        // A log that can't be had ends the run: without its words an exit code would say too little.
        copied = copyLog(cluster, { of, write, ended: over, signal: stop }).catch((error) => {
          broken = error;
          wake();
        });
      }
      const exit = status?.state?.terminated;
      if (exit) {
        ending();
        await copied;
        signal.throwIfAborted();
        if (broken) throw broken;
        return codeOf(exit);
      }
      const live = [...jobs.values()].find(({ metadata }) => metadata.name === job.name);
      const facts = { pods: [...pods.values()], events: [] };
      const state = live && jobReadiness(live, facts, Date.now());
      if (state?.state === 'failed')
        fail(cannotRun(component, state.cause ?? { code: 'not-ready', message: state.message }));
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    ended.abort();
  }
}

function ownContainer(pod: KubeObject | undefined): ContainerStatus | undefined {
  const name = pod?.spec?.containers?.[0]?.name;
  return (pod?.status?.containerStatuses as ContainerStatus[] | undefined)?.find((one) => one.name === name);
}

/** A program that was killed says so by its signal alone. */
const codeOf = ({ exitCode, signal }: Terminated): number =>
  exitCode === 0 && signal ? 128 + signal : exitCode;
