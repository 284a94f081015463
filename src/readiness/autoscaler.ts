import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';

/** What scales a component: within which bounds, and what keeps it from doing so. */
export interface AutoscalerState {
  readonly kind: string;
  readonly min: number;
  readonly max: number;
  readonly cause?: Cause;
}

/** What is looked for: the autoscaler of a component. */
export interface AwaitedAutoscaler {
  readonly kind: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/**
 * Whether an autoscaler can do its work. `objects` are HorizontalPodAutoscalers and ScaledObjects: KEDA makes an
 * autoscaler of Kubernetes' own for each of its objects, which knows better what couldn't be measured.
 */
export function autoscalerState(
  { kind, name, min, max }: AwaitedAutoscaler,
  objects: readonly KubeObject[],
): AutoscalerState {
  const object = objects.find((one) => one.kind === kind && one.metadata.name === name);
  const made = objects.find(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.kind === kind && owner.name === name),
  );
  const bounds = object ? boundsOf(object) : { min, max };
  const cause = object
    ? ((kind === 'ScaledObject' ? scaledObjectCause(object) : undefined) ?? measuring(made ?? object))
    : absent(kind);
  return { kind, ...bounds, ...(cause && { cause }) };
}

/** As they are in the cluster: somebody may have changed them. */
function boundsOf({ spec }: KubeObject): { min: number; max: number } {
  const { minReplicas, minReplicaCount, maxReplicas, maxReplicaCount } = (spec ?? {}) as Record<
    string,
    number
  >;
  return { min: minReplicas ?? minReplicaCount ?? 1, max: maxReplicas ?? maxReplicaCount ?? 0 };
}

/** KEDA's own conditions. Source: apis/keda/v1alpha1, Condition. */
function scaledObjectCause(object: KubeObject): Cause | undefined {
  const ready = conditionOf(object, 'Ready');
  if (ready?.status === 'False') return unmeasured('scaling-broken', words(ready));
  if (conditionOf(object, 'Paused')?.status === 'True') {
    return unmeasured('scaling-paused', "Somebody has paused it, by an annotation of KEDA's.");
  }
  const fallback = conditionOf(object, 'Fallback');
  if (fallback?.status !== 'True') return undefined;
  const silent = unanswered(object);
  return unmeasured(
    'scaling-unmeasured',
    silent.length > 0 ? `No answer for ${silent.join(', ')}.` : words(fallback),
  );
}

interface Trigger {
  readonly name?: string;
  readonly type: string;
  readonly metadata?: { readonly serverAddress?: string };
}

/** What KEDA asked for in vain: its metrics are called after their place among the triggers, such as `s0-prometheus`. */
function unanswered({ spec, status }: KubeObject): string[] {
  const triggers = (spec?.triggers ?? []) as Trigger[];
  const health = (status?.health ?? {}) as Readonly<Record<string, { status?: string }>>;
  return Object.entries(health).flatMap(([metric, { status: state }]) => {
    const trigger = triggers[Number(/^s(\d+)-/.exec(metric)?.[1])];
    if (state !== 'Failing' || !trigger) return [];
    const from = trigger.metadata?.serverAddress;
    return [`${trigger.name ?? trigger.type}${from ? ` from ${from}` : ''}`];
  });
}

/** Kubernetes' own. Source: autoscaling/v2, HorizontalPodAutoscalerConditionType. */
function measuring(object: KubeObject): Cause | undefined {
  const able = conditionOf(object, 'AbleToScale');
  if (able?.status === 'False') return unmeasured('scaling-broken', words(able));
  const active = conditionOf(object, 'ScalingActive');
  if (active?.status !== 'False') return undefined;
  // With no instances it rests: right where KEDA has put the component to sleep, and never asked of Kubernetes' own.
  if (active.reason === 'ScalingDisabled') {
    return isMade(object) ? undefined : unmeasured('scaling-broken', words(active));
  }
  return unmeasured('scaling-unmeasured', words(active));
}

function isMade({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences?.length ?? 0) > 0;
}

function absent(kind: string): Cause {
  return unmeasured('scaling-absent', `Its ${kind} is not there.`);
}

function unmeasured(code: string, message: string): Cause {
  return { code, class: 'waiting', message, key: 'scaling_policy' };
}

function conditionOf({ status }: KubeObject, type: string): Condition | undefined {
  return ((status?.conditions ?? []) as Condition[]).find((condition) => condition.type === type);
}

function words({ reason = '', message = '' }: Condition): string {
  return message || reason;
}
