// A bare loop of server-side applies, as many at once as paas has: the least that a deploy of these objects can take.
import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import { parse } from 'yaml';
import { atOnce } from '../../src/cluster/concurrently.ts';

interface Object {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const objects = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Object[];
interface KubeConfig {
  readonly clusters: readonly [{ readonly cluster: Record<string, string> }];
  readonly users: readonly [{ readonly user: Record<string, string> }];
}

// Of the test cluster, which has one of each.
const { clusters, users } = parse(readFileSync(process.env.KUBECONFIG!, 'utf8')) as KubeConfig;
const { server, 'certificate-authority-data': ca = '' } = clusters[0].cluster;
const { 'client-certificate-data': cert = '', 'client-key-data': key = '' } = users[0].user;
const decode = (text: string): string => Buffer.from(text, 'base64').toString();
const dispatcher = new Agent({ connect: { ca: decode(ca), cert: decode(cert), key: decode(key) } });
const plurals: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  CronJob: 'cronjobs',
};
const left = [...objects];
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const root = next.apiVersion.includes('/') ? 'apis' : 'api';
      const { name, namespace } = next.metadata;
      const { statusCode, body } = await dispatcher.request({
        origin: server!,
        path: `/${root}/${next.apiVersion}/namespaces/${namespace}/${plurals[next.kind]}/${name}?fieldManager=loop&fieldValidation=Strict`,
        method: 'PATCH',
        headers: { 'content-type': 'application/apply-patch+yaml', accept: 'application/json' },
        body: JSON.stringify(next),
      });
      const answer = await body.text();
      if (statusCode >= 300) throw new Error(answer);
    }
  }),
);
process.exit(0);
