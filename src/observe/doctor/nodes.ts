import type { KubeObject } from '../../cluster/cluster.ts';
import type { PlaceOf } from '../../deploy/failure.ts';
import { askedOf, type PlannedPod } from '../../deploy/pre-flight/pods.ts';
import { readQuantity } from '../../plan/quantity.ts';
import { noNodeFits } from '../../problems/pre-flight.ts';
import type { Problem } from '../../problems/problem.ts';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** Whether each pod has a node that takes it: by labels, taints and size, whatever else runs there now. */
export function checkNodes(
  pods: readonly PlannedPod[],
  nodes: readonly KubeObject[],
  placeOf: PlaceOf,
): Problem[] {
  return pods.flatMap((pod) => {
    const { nodeSelector = {}, tolerations = [] } = pod.spec;
    const wanted = Object.entries(nodeSelector as Record<string, string>);
    const labelled = nodes.filter(({ metadata }) =>
      wanted.every(([key, value]) => metadata.labels?.[key] === value),
    );
    const no = (reason: string): Problem[] => [
      noNodeFits(pod.component, reason, placeOf(pod.component, undefined)),
    ];
    if (labelled.length === 0)
      return no(`none has ${wanted.map(([key, value]) => `${key}=${value}`).join(', ')}`);
    const open = labelled.filter(({ spec }) =>
      ((spec?.taints ?? []) as Taint[])
        .filter(({ effect }) => effect !== 'PreferNoSchedule')
        .every((taint) => (tolerations as Toleration[]).some((one) => tolerates(one, taint))),
    );
    if (open.length === 0) return no(`their taints keep it away: ${taintsOf(labelled).join(', ')}`);
    const large = open.filter(({ status }) =>
      ['cpu', 'memory'].every(
        (resource) =>
          (askedOf(pod, 'requests', resource) ?? 0) <=
          readQuantity(String(status?.allocatable?.[resource] ?? '0')),
      ),
    );
    return large.length === 0 ? no('one instance asks for more than a whole node has') : [];
  });
}

/** Source: Kubernetes, "Taints and Tolerations". */
function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}

/** `dedicated=gpu:NoSchedule`, as kubectl taint writes them. */
function taintsOf(nodes: readonly KubeObject[]): string[] {
  const taints = nodes.flatMap(({ spec }) => (spec?.taints ?? []) as Taint[]);
  const hard = taints.filter(({ effect }) => effect !== 'PreferNoSchedule');
  return [...new Set(hard.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`))];
}
