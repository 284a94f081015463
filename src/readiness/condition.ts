import type { KubeObject } from '../cluster/cluster.ts';

/** Source: Kubernetes API conventions, "Typical status properties". */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export function conditionsOf({ status }: KubeObject): readonly Condition[] {
  return (status?.conditions ?? []) as Condition[];
}

/** A condition that holds. */
export function holds(object: KubeObject, ...types: readonly string[]): Condition | undefined {
  return conditionsOf(object).find(({ type, status }) => types.includes(type) && status === 'True');
}

/** A condition that is said not to hold. */
export function holdsNot(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((one) => one.type === type && one.status === 'False');
}
