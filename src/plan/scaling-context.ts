import type { Component, Prometheus, Scaling, ScalingMetric } from '../model/app.ts';
import { chooseAutoscaler, type SourcedMetric } from './choose-autoscaler.ts';
import { heldFor, type Measured, queryOf } from './metric-queries.ts';
import { scalingBehavior } from './scaling-behavior.ts';

/** What is scaled. */
export interface Target {
  readonly namespace: string;
  readonly kind: string;
  readonly workload: string;
  readonly prometheus: Prometheus | undefined;
}

/** What templates know of a component's scaling; null where it has a fixed number of instances. */
export function scalingContext(component: Component, target: Target): Record<string, unknown> | null {
  const { scaling } = component;
  if (!scaling || component.run.type !== 'always') return null;
  const { engine, because, window, metrics } = chooseAutoscaler(scaling);
  const asked = metrics.some(({ source }) => source === 'prometheus');
  return {
    engine,
    because,
    min: scaling.min,
    max: scaling.max,
    // KEDA warns of it where it would have no effect.
    cooldown: scaling.min === 0 ? Math.ceil(scaling.cooldown) : null,
    behavior: scalingBehavior(scaling, window),
    metrics: engine === 'hpa' ? metrics.map(({ metric }) => resourceMetric(metric, component.name)) : [],
    triggers:
      engine === 'keda'
        ? withNames([
            ...metrics.map((one) => triggerOf(one, component, target)),
            ...scaling.schedules.map(scheduleTrigger),
          ])
        : [],
    fallback: asked ? { replicas: Math.max(scaling.min, 1) } : null,
  };
}

/** Of the component's own container: others of the pod, such as a proxy, may not say what they ask for. */
function resourceMetric({ type, threshold }: ScalingMetric, container: string): Record<string, unknown> {
  return {
    type: 'ContainerResource',
    containerResource: {
      name: type,
      container,
      target: { type: 'Utilization', averageUtilization: wholePercent(threshold) },
    },
  };
}

interface Trigger {
  readonly name: string;
  readonly type: string;
  readonly metricType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

function triggerOf({ metric, source, hold }: SourcedMetric, component: Component, target: Target): Trigger {
  const { type, threshold } = metric;
  if (source === 'kubernetes') {
    const metadata = { value: String(wholePercent(threshold)), containerName: component.name };
    return { name: type, type, metricType: 'Utilization', metadata };
  }
  const of: Measured = {
    namespace: target.namespace,
    workload: target.workload,
    kind: target.kind === 'StatefulSet' ? 'StatefulSet' : 'Deployment',
    container: component.name,
    cpu: component.resources.cpu,
    memory: component.resources.memory,
    interval: target.prometheus?.interval ?? 0,
  };
  const value = String(threshold);
  const query = queryOf(type, metric.duration, of) ?? metric.query ?? '';
  return {
    name: type,
    type: 'prometheus',
    metricType: 'AverageValue',
    metadata: {
      serverAddress: target.prometheus?.server ?? '',
      query: hold > 0 ? heldFor(query, Math.ceil(hold), value, of) : query,
      threshold: value,
      // By default no answer counts as 0: an outage of Prometheus would take the instances away at the peak.
      ignoreNullValues: 'false',
    },
  };
}

/** KEDA counts a stretch of time as a need: it raises the minimum, and never lowers it. */
function scheduleTrigger({ start, end, timeZone, instances }: Scaling['schedules'][number]): Trigger {
  const metadata = { timezone: timeZone, start, end, desiredReplicas: String(instances) };
  return { name: 'schedule', type: 'cron', metricType: 'AverageValue', metadata };
}

/** KEDA wants each name once. */
function withNames(triggers: readonly Trigger[]): Trigger[] {
  const counts = new Map<string, number>();
  return triggers.map((trigger) => {
    const count = (counts.get(trigger.name) ?? 0) + 1;
    counts.set(trigger.name, count);
    return count === 1 ? trigger : { ...trigger, name: `${trigger.name}-${count}` };
  });
}

/** Kubernetes knows whole percents only. */
function wholePercent(threshold: number): number {
  return Math.max(1, Math.round(threshold));
}
