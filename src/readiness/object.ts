import type { KubeObject } from '../cluster/cluster.ts';
import { readinessByConditions } from './by-conditions.ts';
import type { Readiness } from './cause.ts';
import type { Facts } from './facts.ts';
import { gatewayReadiness } from './gateway.ts';
import { routeReadiness } from './route.ts';
import { serviceReadiness } from './service.ts';

/** Whether an object without instances works. */
export function objectReadiness(object: KubeObject, facts: Pick<Facts, 'events' | 'before'>): Readiness {
  if (object.kind === 'Service') return serviceReadiness(object, facts);
  if (!isOfGatewayApi(object)) return readinessByConditions(object);
  if (object.kind === 'Gateway') return gatewayReadiness(object);
  return routes.test(object.kind) ? routeReadiness(object) : readinessByConditions(object);
}

const routes = /^(HTTP|GRPC|TLS|TCP|UDP)Route$/;
const isOfGatewayApi = ({ apiVersion }: KubeObject): boolean =>
  apiVersion.startsWith('gateway.networking.k8s.io/');

/**
 * Groups of which nothing is to be waited for: what Kubernetes has built in is there when it is made; Istio writes no
 * status by default; of a monitor nobody says anything; and an autoscaler that can't measure (`autoscaler.ts`) keeps no
 * app from running.
 */
const never = [/^[^.]*$/, /(^|\.)k8s\.io$/, /(^|\.)istio\.io$/, /^monitoring\.coreos\.com$/, /^keda\.sh$/];

/** Whether a deploy waits for an object like this, beside workloads and jobs. */
export function isAwaitedObject(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}): boolean {
  const { apiVersion, kind, spec } = object;
  if (kind === 'Service') return (spec as { type?: string } | undefined)?.type === 'LoadBalancer';
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  return group === 'gateway.networking.k8s.io' || !never.some((pattern) => pattern.test(group));
}
