import { type MapValue, placeAt } from '../document/value.ts';
import type { App } from '../model/app.ts';
import type { PlatformFile } from '../model/platform.ts';
import { noPrometheus } from '../problems/platform.ts';
import type { Problem } from '../problems/problem.ts';
import { chooseAutoscaler } from './choose-autoscaler.ts';

/** The first metric of each component that only Prometheus knows, where nobody says where Prometheus is. */
export function findNoPrometheus(
  { components, environment }: App,
  document: MapValue,
  platform: PlatformFile | undefined,
): Problem[] {
  if (environment.prometheus) return [];
  return components.flatMap(({ name, scaling }) => {
    const { metrics } = scaling ? chooseAutoscaler(scaling) : { metrics: [] };
    const index = metrics.findIndex(({ source }) => source === 'prometheus');
    const asked = metrics[index];
    if (!asked) return [];
    const { type } = asked.metric;
    const own = type === 'cpu' || type === 'memory';
    const at = placeAt(document, ['components', name, 'scaling_policy', 'metrics', index, 'type']);
    const what = own ? `${type} over more than a minute beside others` : type;
    return [noPrometheus(at, what, platform?.document.at.source.path)];
  });
}
