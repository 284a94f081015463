import type { KubeObject } from '../../src/cluster/cluster.ts';
import { until } from '../cluster/wait.ts';
import { kubectl, kubectlJson } from './cluster.ts';

/**
 * What a component answers, asked through its Service by way of the API server: so that it works in any cluster.
 * Which instances the Service leads to is noted by a controller of its own, later than that they are ready or ending.
 */
export async function ask(namespace: string, component: string, path = '/', port = 8080): Promise<string> {
  await until(`service/${component} to lead to the instances`, () => leadsToAll(namespace, component));
  return kubectl(
    'get',
    '--raw',
    `/api/v1/namespaces/${namespace}/services/${component}:${port}/proxy${path}`,
  );
}

/** Whether a component's Service leads to every instance that serves, and to no other. */
async function leadsToAll(namespace: string, component: string): Promise<boolean> {
  const which = ['-n', namespace, '-l', `paas.internal/component=${component}`];
  const { items } = await kubectlJson<{ items: KubeObject[] }>('get', 'pods,endpoints', ...which);
  const serving = items.filter(({ kind, metadata: { deletionTimestamp, ownerReferences }, status }) => {
    const isOfJob = ownerReferences?.some((owner) => owner.kind === 'Job');
    if (kind !== 'Pod' || deletionTimestamp || isOfJob) return false;
    const conditions: { type: string; status: string }[] = status.conditions ?? [];
    return conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  });
  const endpoints = items.find(({ kind, metadata }) => kind === 'Endpoints' && metadata.name === component);
  const subsets: { addresses?: { targetRef?: { name: string } }[] }[] = endpoints?.subsets ?? [];
  const led = subsets.flatMap(({ addresses = [] }) => addresses.map(({ targetRef }) => targetRef?.name));
  const names = (all: readonly (string | undefined)[]): string => [...new Set(all)].sort().join(' ');
  return led.length > 0 && names(led) === names(serving.map(({ metadata }) => metadata.name));
}

/** What the cluster, and Istio where it is, puts into every namespace, whenever it comes to it. */
const standing = /^(ServiceAccount\/default|ConfigMap\/(kube-root-ca\.crt|istio-ca-.*))$/;

/**
 * Every object of a namespace that is written, with its version: the same twice means that nothing was written in
 * between. Where the cluster itself notes how something is (instances come and go), what it says counts instead.
 */
export async function versionsOf(namespace: string): Promise<Record<string, string>> {
  const kinds = 'deployments,services,serviceaccounts,secrets,configmaps,poddisruptionbudgets,leases';
  const answer = await kubectl('get', kinds, '-n', namespace, '-o', 'json');
  const { items } = JSON.parse(answer) as {
    items: { kind: string; metadata: Record<string, unknown>; spec?: unknown; status?: unknown }[];
  };
  const said = ({
    metadata: { name: _, resourceVersion: __, ...metadata },
    spec,
  }: (typeof items)[number]): string => JSON.stringify([metadata, spec]);
  return Object.fromEntries(
    items
      .map((object): [string, string] => {
        const { kind, metadata, status } = object;
        return [`${kind}/${String(metadata.name)}`, status ? said(object) : String(metadata.resourceVersion)];
      })
      .filter(([name]) => !standing.test(name!)),
  );
}
