import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { eventsAbout, type Facts } from './facts.ts';
import { isReady, nameOf, waitsFor } from './object-state.ts';

/**
 * A Service is there when it is made, but for one that is to get an address from outside of the cluster. Whether it
 * has anything behind it is said by the instances. Source: Kubernetes API, core/v1 ServiceStatus.
 */
export function serviceReadiness(service: KubeObject, facts: Pick<Facts, 'events' | 'before'>): Readiness {
  if (service.spec?.type !== 'LoadBalancer') return isReady();
  const given = (service.status?.loadBalancer?.ingress ?? []) as readonly object[];
  if (given.length > 0) return isReady();
  const failed = eventsAbout(service, facts).findLast(({ type }) => type === 'Warning');
  const words = ((failed?.message as string | undefined) ?? '').trim().replace(/\.$/, '');
  const why = words ? `: ${words}.` : '; nobody says why. Does the cluster give any?';
  const message = `${nameOf(service)} has no address from outside yet${why}`;
  return waitsFor(service, { code: 'no-address', message });
}
