import { randomBytes } from 'node:crypto';
import { refOf } from '../changes/read-state.ts';
import type { KubeObject } from '../cluster/cluster.ts';
import { createObject, deleteObject } from '../cluster/objects.ts';
import { ownerLabels } from '../plan/labels.ts';
import { labelKeys, managerName, runName, runTrack } from '../plan/names.ts';
import { notDeployed } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { findWorkload } from './find-workload.ts';
import { followRun } from './follow-run.ts';
import { ownContainer } from './own-container.ts';
import type { RunOnceOptions } from './run-once-options.ts';

/** A job that nobody asks about is kept for an hour, where its maker was killed. */
const secondsKept = 3_600;
/**
 * Runs a program once, in an instance like those of a component as they are deployed now, and gives its exit code;
 * undefined where it was told to stop. Its job goes when it has ended.
 */
export async function runOnce(options: RunOnceOptions): Promise<number | undefined> {
  const { cluster, owner, component, signal } = options;
  const workload = await findWorkload({ ...cluster, signal }, owner, component);
  if (!workload) fail(notDeployed(component, owner.environment));
  const manager = managerName(owner.app, owner.environment);
  const job = asJob(workload, options);
  const ref = refOf(job);
  let exitCode: number | undefined;
  try {
    // Its name is random: one that is there already is ours, and the answer to its making was lost.
    await createObject(cluster, job, manager);
    const [container] = job.spec.template.spec.containers;
    exitCode = await followRun(options, ref, container.name);
  } catch (error) {
    // It may have been made even where that failed.
    await deleteObject(cluster, ref).catch(() => {});
    throw error;
  }
  await deleteObject(cluster, ref);
  return exitCode;
}

/**
 * The instance without what belongs to one that serves: no Service finds it, nothing asks whether it is ready. Its
 * first container is the one that runs the program.
 */
function asJob(workload: KubeObject, { owner, component, command, streams }: RunOnceOptions): KubeObject {
  const pod = workload.spec.template ?? workload.spec.jobTemplate.spec.template;
  const name = ownContainer(pod, component);
  const isOwn = (container: { readonly name: string }): boolean => container.name === name;
  const others = pod.spec.containers.filter((container: { readonly name: string }) => !isOwn(container));
  const {
    ports: _,
    readinessProbe: __,
    livenessProbe: ___,
    startupProbe: ____,
    lifecycle: _____,
    ...rest
  } = pod.spec.containers.find(isOwn);
  const volumes: readonly { name: string }[] = pod.spec.volumes ?? [];
  // The volumes of single instances of a StatefulSet are theirs alone.
  const mounts = (rest.volumeMounts ?? []).filter(({ name }: { name: string }) =>
    volumes.some((volume) => volume.name === name),
  );
  const container = {
    ...rest,
    volumeMounts: mounts,
    ...(command.length > 0 && { args: command }),
    // What it reads has an end: that of ours.
    ...(streams.input && { stdin: true, stdinOnce: true }),
    ...(streams.terminal && { tty: true }),
  };
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
