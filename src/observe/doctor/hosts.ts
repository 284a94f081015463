import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { listObjects } from '../../cluster/objects.ts';
import type { Owner } from '../../plan/labels.ts';
import { labelKeys, ownerName } from '../../plan/names.ts';
import type { Plan } from '../../plan/plan.ts';
import { hostTaken } from '../../problems/pre-flight.ts';
import type { Problem } from '../../problems/problem.ts';
import { hostsOf } from '../status.ts';
import { type Check, notChecked, ok, outcome } from './check.ts';
import { readable } from './readable.ts';

/** The kinds that lead a host name somewhere. */
const routingKinds = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
] as const;

/** Whether the host names of the routes are free. */
export async function checkHosts(cluster: Cluster, owner: Owner, plan: Plan): Promise<Check> {
  const wanted = hostsOf(plan);
  if (wanted.length === 0) return ok('hosts', 'no route has a host name');
  const objects: KubeObject[] = [];
  const unread: string[] = [];
  for (const kind of routingKinds) {
    const found = await readable(async () => (await listObjects(cluster, kind)).items);
    if (found) objects.push(...found);
    else unread.push(kind.kind);
  }
  const problems = takenHosts(wanted, objects, owner);
  if (problems.length === 0 && unread.length > 0)
    return notChecked('hosts', `you may not list ${unread.join(', ')} of all namespaces`);
  return outcome('hosts', problems, `nobody else has ${wanted.join(', ')}`);
}

/** Host names of ours that others have too. */
function takenHosts(hosts: readonly string[], objects: readonly KubeObject[], owner: Owner): Problem[] {
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
