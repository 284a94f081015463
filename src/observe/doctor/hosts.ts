import type { KubeObject } from '../../cluster/cluster.ts';
import type { Owner } from '../../plan/labels.ts';
import { labelKeys, ownerName } from '../../plan/names.ts';
import { hostTaken } from '../../problems/pre-flight.ts';
import type { Problem } from '../../problems/problem.ts';

/** The kinds that lead a host name somewhere. */
export const routingKinds = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
] as const;

/** Host names of ours that others have too. */
export function checkHosts(
  hosts: readonly string[],
  objects: readonly KubeObject[],
  owner: Owner,
): Problem[] {
  const ours = ownerName(owner.app, owner.environment);
  const others = objects.filter(({ metadata }) => metadata.labels?.[labelKeys.owner] !== ours);
  return hosts.flatMap((host) => {
    const taker = others.find((object) => hostsOfObject(object).includes(host));
    if (!taker) return [];
    const { kind, metadata } = taker;
    return [hostTaken(host, `${kind.toLowerCase()}/${metadata.name} in namespace ${metadata.namespace}`)];
  });
}

function hostsOfObject({ kind, spec }: KubeObject): readonly string[] {
  if (kind === 'Ingress') return (spec?.rules ?? []).map(({ host }: { host?: string }) => host ?? '');
  return (kind === 'HTTPRoute' ? spec?.hostnames : spec?.hosts) ?? [];
}
