import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Container } from '../cluster/program.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { noInstance, unknownInstance } from '../problems/instances.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { ownContainer } from './own-container.ts';

/** The running instances of a component, the likeliest first: ready ones before others, the newest before older. */
export function runningInstances(pods: Iterable<KubeObject>): KubeObject[] {
  return [...pods]
    .filter((pod) => pod.status?.phase === 'Running' && !pod.metadata.deletionTimestamp)
    .filter((pod) => !pod.metadata.labels?.[labelKeys.run])
    .sort((a, b) => Number(isReady(b)) - Number(isReady(a)) || createdAt(b) - createdAt(a));
}

/** What finds the pods of a component. */
export function instancesOf({ app, environment, namespace }: Owner, component: string) {
  const labelSelector = [
    `${labelKeys.app}=${app}`,
    `${labelKeys.environment}=${environment}`,
    `${labelKeys.component}=${component}`,
  ].join(',');
  return { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector };
}

/** The container of an instance: the one that is named, else the likeliest. Throws a PaasError where there is none. */
export async function chooseInstance(
  cluster: Cluster,
  owner: Owner,
  component: string,
  asked: string | undefined,
): Promise<Container> {
  const { items } = await listObjects(cluster, instancesOf(owner, component));
  const running = runningInstances(items);
  if (running.length === 0) fail(noInstance(component, owner.environment));
  const names = running.map(({ metadata }) => metadata.name);
  const pod = asked === undefined ? running[0] : running.find(({ metadata }) => metadata.name === asked);
  if (!pod) return fail(unknownInstance(asked ?? '', component, names, nearest(asked ?? '', names)));
  const container = ownContainer(pod, component) ?? component;
  return { namespace: owner.namespace, pod: pod.metadata.name, container };
}

function isReady(pod: KubeObject): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function createdAt(pod: KubeObject): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '');
}
