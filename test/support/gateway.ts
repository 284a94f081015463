import { request } from 'node:http';
import { until } from '../cluster/wait.ts';
import { kubectl, kubectlJson } from './cluster.ts';

/** The mesh's gateway, asked from outside of the cluster as a browser would. */

/** An answer that came through the gateway. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let address: Promise<{ readonly host: string; readonly port: number }> | undefined;

/**
 * Where the gateway listens for HTTP: PAAS_TEST_GATEWAY (`HOST:PORT`) when it is set, otherwise its port of the
 * node.
 */
export function gatewayAddress(): Promise<{ readonly host: string; readonly port: number }> {
  address ??= findGateway();
  return address;
}

/** Asks for a path of a host, by the name that its routes know and no DNS has to. */
export async function askGateway(
  host: string,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
    /** `false`: over a connection of its own. */
    readonly agent?: false;
  } = {},
): Promise<GatewayAnswer> {
  const { host: hostname, port } = await gatewayAddress();
  const { method = 'GET', headers, body, agent } = options;
  return new Promise((done, fail) => {
    const asked = request(
      {
        hostname,
        port,
        path,
        method,
        headers: { ...headers, host },
        agent,
        signal: AbortSignal.timeout(60_000),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('error', fail).once('end', () => {
          done({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    asked.once('error', fail).end(body);
  });
}

/**
 * Until the gateway answers as it is to. It learns of an app bit by bit (each of its routes, and then each of its
 * instances), and each of its threads by itself: only what answers so over many connections at once will go on doing so.
 */
export async function untilGateway(
  host: string,
  path: string,
  fits: (answers: readonly GatewayAnswer[]) => boolean,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<void> {
  const answers = async (): Promise<boolean> => {
    const asked = Array.from({ length: 16 }, () => askGateway(host, path, { ...options, agent: false }));
    return fits(await Promise.all(asked));
  };
  await until(`the gateway to know ${host}${path}`, answers, { intervalMs: 250 });
}

/** What the gateway's Envoy has counted, in the text format of Prometheus. */
export async function gatewayMetrics(): Promise<string> {
  const [pod] = (
    await kubectl(
      'get',
      'pods',
      '--namespace=istio-system',
      '--selector=istio=ingressgateway',
      '--output=name',
    )
  ).split('\n');
  const name = pod?.replace('pod/', '');
  return kubectl('get', '--raw', `/api/v1/namespaces/istio-system/pods/${name}:15090/proxy/stats/prometheus`);
}

async function findGateway(): Promise<{ host: string; port: number }> {
  const given = process.env.PAAS_TEST_GATEWAY;
  if (given) {
    const { hostname, port } = new URL(`http://${given}`);
    return { host: hostname, port: Number(port || 80) };
  }
  const service = await kubectlJson<{ spec: { ports: { port: number; nodePort: number }[] } }>(
    'get',
    'service',
    'istio-ingressgateway',
    '--namespace=istio-system',
  );
  const nodes = await kubectlJson<{
    items: { status: { addresses: { type: string; address: string }[] } }[];
  }>('get', 'nodes');
  const host = nodes.items[0]?.status.addresses.find(({ type }) => type === 'InternalIP')?.address;
  const port = service.spec.ports.find((one) => one.port === 80)?.nodePort;
  if (!host || !port) throw new Error('The gateway has no port at a node; set PAAS_TEST_GATEWAY=HOST:PORT.');
  return { host, port };
}
