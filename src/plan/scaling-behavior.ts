import type { Scaling } from '../model/app.ts';

/** The longest that Kubernetes looks back at what it has done, in seconds. Source: autoscaling/v2, HPAScalingPolicy. */
const longestPeriod = 1800;
/** The shortest that makes a difference: how often an autoscaler decides. */
const shortestPeriod = 15;
/** What Kubernetes itself lets come at once where doubling is little. */
const fewAtOnce = 4;

/** How fast the number of instances follows what is needed, as an HPA's `behavior`; `window` in seconds. */
export function scalingBehavior({ cooldown, schedules }: Scaling, window: number): Record<string, unknown> {
  const periodSeconds = Math.ceil(Math.min(Math.max(cooldown, shortestPeriod), longestPeriod));
  // A schedule is no guess: its whole number may come at once.
  const atOnce = Math.max(fewAtOnce, ...schedules.map(({ instances }) => instances));
  return {
    scaleUp: {
      stabilizationWindowSeconds: Math.ceil(window),
      selectPolicy: 'Max',
      // Within one cooldown they at most double: the next step waits until this one has shown what it does.
      policies: [
        { type: 'Percent', value: 100, periodSeconds },
        { type: 'Pods', value: atOnce, periodSeconds },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: Math.ceil(cooldown),
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds }],
    },
  };
}
