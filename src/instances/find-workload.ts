import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';

/** What may run a component, the likeliest first. */
const workloads = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'batch/v1', kind: 'Job' },
];

/** What runs a component as it is deployed; undefined where nothing does. */
export async function findWorkload(
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
