import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Identity } from './certificates.ts';

/** Asks the API server for something, as the identity given. */
export type Api = (path: string) => Promise<{ readonly status: number; readonly body: string }>;

/** The little that waiting for a cluster needs of its API: a GET. */
export function createApi(server: string, authority: string, identity: Identity, timeoutMs = 15_000): Api {
  return (path) =>
    new Promise((done, fail) => {
      // A deadline of the whole, unlike the option `timeout`, which is only about silence on the socket.
      const signal = AbortSignal.timeout(timeoutMs);
      const failed = (error: Error): void =>
        fail(signal.aborted ? new Error(`no answer in ${timeoutMs / 1000} s`) : error);
      const asked = request(
        new URL(path, server),
        { ca: authority, cert: identity.certificate, key: identity.key, signal, agent: false },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          response.once('error', failed).once('end', () => done({ status: response.statusCode ?? 0, body }));
        },
      );
      asked.once('error', failed).end();
    });
}

/** The API of the cluster that one of our own kubeconfigs describes. */
export function apiOf(kubeconfig: string): Api {
  const text = readFileSync(kubeconfig, 'utf8');
  const field = (name: string): string => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? '';
  const decoded = (name: string): string => Buffer.from(field(name), 'base64').toString();
  return createApi(field('server'), decoded('certificate-authority-data'), {
    certificate: decoded('client-certificate-data'),
    key: decoded('client-key-data'),
  });
}

/** Whether the node of this name says that it is ready. */
export async function nodeIsReady(api: Api, name: string): Promise<boolean> {
  const { status: code, body } = await api(`/api/v1/nodes/${name}`);
  if (code !== 200) return false;
  const node = JSON.parse(body) as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}
