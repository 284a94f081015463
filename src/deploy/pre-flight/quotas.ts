import { isStatus } from '../../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { listObjects } from '../../cluster/objects.ts';
import { readQuantity } from '../../plan/quantity.ts';
import { quotaTooSmall, rangeExceeded } from '../../problems/pre-flight.ts';
import type { Problem } from '../../problems/problem.ts';
import type { PlaceOf } from '../failure.ts';
import { askedOf, type PlannedPod } from './pods.ts';

/** Which part of a container's resources a quota counts. Source: Kubernetes, "Resource Quotas". */
const counted: Readonly<Record<string, readonly ['requests' | 'limits', string]>> = {
  cpu: ['requests', 'cpu'],
  'requests.cpu': ['requests', 'cpu'],
  memory: ['requests', 'memory'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
};

/** The quotas and limit ranges of a namespace; undefined where they may not be read. */
export async function readQuotas(cluster: Cluster, namespace: string): Promise<KubeObject[] | undefined> {
  try {
    const lists = await Promise.all(
      ['ResourceQuota', 'LimitRange'].map((kind) =>
        listObjects(cluster, { apiVersion: 'v1', kind, namespace }),
      ),
    );
    return lists.flatMap(({ items }) => items);
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    throw error;
  }
}

/** What can never fit: more at once than a whole quota, or a container beyond what one may have. */
export function checkQuotas(
  pods: readonly PlannedPod[],
  objects: readonly KubeObject[],
  placeOf: PlaceOf,
): Problem[] {
  // One with scopes counts only some pods.
  const quotas = objects.filter(
    ({ kind, spec }) => kind === 'ResourceQuota' && !spec?.scopes && !spec?.scopeSelector,
  );
  const ranges = objects.filter(({ kind }) => kind === 'LimitRange');
  return [
    ...quotas.flatMap((quota) => tooSmall(pods, quota)),
    ...pods.flatMap((pod) => ranges.flatMap((range) => beyond(pod, range, placeOf))),
  ];
}

function tooSmall(pods: readonly PlannedPod[], { metadata, spec }: KubeObject): Problem[] {
  return Object.entries((spec?.hard ?? {}) as Record<string, string>).flatMap(([resource, hard]) => {
    const part = counted[resource];
    if (!part && resource !== 'pods') return [];
    const asked = pods.reduce((sum, pod) => {
      // What doesn't say how much gets it from a limit range, or is refused: either way it isn't known here.
      const one = part ? (askedOf(pod, ...part) ?? 0) : 1;
      return sum + one * pod.instances;
    }, 0);
    return asked > readQuantity(String(hard)) * 1.000001
      ? [quotaTooSmall(metadata.name, resource, String(hard), amount(asked, resource))]
      : [];
  });
}

function beyond(pod: PlannedPod, { metadata, spec }: KubeObject, placeOf: PlaceOf): Problem[] {
  const ofContainers = (spec?.limits ?? []).filter(({ type }: { type: string }) => type === 'Container');
  for (const { max = {} } of ofContainers as { max?: Record<string, string> }[]) {
    for (const [resource, most] of Object.entries(max)) {
      for (const { name, resources } of pod.spec.containers) {
        const said = resources?.limits?.[resource] ?? resources?.requests?.[resource];
        if (said !== undefined && readQuantity(String(said)) > readQuantity(String(most)) * 1.000001) {
          const at = placeOf(pod.component, 'resources');
          return [
            rangeExceeded(pod.component, name, resource, String(said), metadata.name, String(most), at),
          ];
        }
      }
    }
  }
  return [];
}

/** As Kubernetes would write it, rounded. */
function amount(value: number, resource: string): string {
  if (resource.endsWith('memory')) return `${Math.ceil(value / 2 ** 20)}Mi`;
  if (resource.endsWith('cpu')) return value % 1 === 0 ? String(value) : `${Math.ceil(value * 1000)}m`;
  return String(value);
}
