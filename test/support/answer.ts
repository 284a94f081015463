import { kubectl } from './cluster.ts';

/** What a component answers, asked through its Service by way of the API server: so that it works in any cluster. */
export async function ask(namespace: string, component: string, path = '/', port = 8080): Promise<string> {
  return kubectl(
    'get',
    '--raw',
    `/api/v1/namespaces/${namespace}/services/${component}:${port}/proxy${path}`,
  );
}

/** What the cluster, and Istio where it is, puts into every namespace, whenever it comes to it. */
const standing = /^ConfigMap\/(kube-root-ca\.crt|istio-ca-.*)$/;

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
