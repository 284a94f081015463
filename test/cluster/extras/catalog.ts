import { crds } from './crds.ts';
import type { Extra, ExtraName } from './extra.ts';
import { istio } from './istio.ts';
import { keda } from './keda.ts';
import { metricsServer } from './metrics-server.ts';
import { prometheus } from './prometheus.ts';

/** Everything that a cluster can get beyond what it has from the start. */
export const EXTRAS: Readonly<Record<ExtraName, Extra>> = {
  crds,
  'metrics-server': metricsServer,
  keda,
  istio,
  prometheus,
};
