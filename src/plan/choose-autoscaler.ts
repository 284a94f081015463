import type { Scaling, ScalingMetric } from '../model/app.ts';

// Which program scales a component, and where it reads each metric. Pure: a policy gives one answer.

/** Kubernetes' own autoscaler, or KEDA, which makes and feeds one. */
export type Engine = 'hpa' | 'keda';

/** What each engine's objects are called. */
export const autoscalerKinds = { hpa: 'HorizontalPodAutoscaler', keda: 'ScaledObject' } as const;

export interface Autoscaler {
  readonly engine: Engine;
  /** What of the policy decided it, in words. */
  readonly because: string;
  /** How long in seconds a need must last before any instances are added, whatever measures it. */
  readonly window: number;
  readonly metrics: readonly SourcedMetric[];
}

/** A metric, where it is read, and how long it must be above its threshold beyond the window that all share. */
export interface SourcedMetric {
  readonly metric: ScalingMetric;
  /** What Kubernetes measures itself (by metrics-server), or what Prometheus does. */
  readonly source: 'kubernetes' | 'prometheus';
  /** Seconds; 0: nothing beyond the window. */
  readonly hold: number;
}

/** What Kubernetes measures without anybody's help. */
const ownMetrics: ReadonlySet<string> = new Set(['cpu', 'memory']);
/** What is measured is itself taken over up to this many seconds: shorter times need nothing of their own. */
const taken = 60;

/** The autoscaler of a policy. */
export function chooseAutoscaler({ metrics, schedules }: Scaling): Autoscaler {
  const durations = metrics.map(({ duration }) => duration);
  const types = [...new Set(metrics.map(({ type }) => type))];
  const beyond = [
    ...types.filter((type) => !ownMetrics.has(type)),
    ...(schedules.length > 0 ? ['schedules'] : []),
  ];
  if (beyond.length === 0) {
    return {
      engine: 'hpa',
      because: `Kubernetes measures ${types.join(' and ')} itself`,
      // It has one window for everything: the longest, so that nothing is added before its time.
      window: Math.max(...durations),
      metrics: metrics.map((metric) => ({ metric, source: 'kubernetes', hold: 0 })),
    };
  }
  // The shortest: what must last longer says so in its own query. A schedule must not wait for a metric's time.
  const window = Math.min(...durations, ...(schedules.length > 0 ? [durations.length > 0 ? taken : 0] : []));
  return {
    engine: 'keda',
    because: `an HPA alone can't scale by ${beyond.join(' and ')}`,
    window,
    metrics: metrics.map((metric) => {
      const hold = metric.duration > Math.max(window, taken) ? metric.duration : 0;
      const own = ownMetrics.has(metric.type) && hold === 0;
      return { metric, source: own ? 'kubernetes' : 'prometheus', hold };
    }),
  };
}
