import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/** A request that came to the proxy; `number` counts them from 1. */
export interface SeenRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
}

/** What becomes of a request. Silent: it is sent, but its answer is kept back. */
export type Fate =
  | { readonly do: 'pass' }
  | { readonly do: 'refuse'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly do: 'reset' }
  | { readonly do: 'lose_answer' }
  | { readonly do: 'delay'; readonly milliseconds: number };

export interface ApiProxy {
  /** A kubeconfig that leads through the proxy, in its context `proxy`. */
  readonly env: { readonly KUBECONFIG: string; readonly PAAS_CONTEXT: string };
  readonly seen: SeenRequest[];
  /** Decides about each request; by default all pass. */
  decide: (request: SeenRequest) => Fate | Promise<Fate>;
  readonly close: () => Promise<void>;
}

/**
 * A door before the real API server, on loopback and without TLS, that counts requests and can spoil some of them. It
 * answers nothing of its own but what a busy or broken server would.
 */
export async function openApiProxy(folder: string): Promise<ApiProxy> {
  const upstream = await readUpstream();
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const one = { number: seen.length + 1, method: incoming.method ?? 'GET', path: incoming.url ?? '/' };
    seen.push(one);
    const fate = await proxy.decide(one);
    if (fate.do === 'delay') await sleep(fate.milliseconds);
    if (fate.do === 'reset') incoming.socket.destroy();
    else if (fate.do === 'refuse') refuse(outgoing, fate.status, fate.headers);
    else forward(upstream, incoming, outgoing, fate.do === 'lose_answer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, 'proxy.kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(port));
  const proxy: ApiProxy = {
    env: { KUBECONFIG: kubeconfig, PAAS_CONTEXT: 'proxy' },
    seen,
    decide: () => ({ do: 'pass' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      upstream.agent.destroy();
    },
  };
  return proxy;
}

type Upstream = RequestOptions & { readonly agent: Agent };

async function readUpstream(): Promise<Upstream> {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (process.env.PAAS_TEST_CONTEXT) config.setCurrentContext(process.env.PAAS_TEST_CONTEXT);
  const { hostname, port } = new URL(config.getCurrentCluster()!.server);
  const login: RequestOptions = {};
  await config.applyToHTTPSOptions(login as never);
  const { ca, cert, key, headers } = login;
  const agent = new Agent({ ca, cert, key, keepAlive: true });
  return { hostname, port, agent, headers, ...(!isIP(hostname) && { servername: hostname }) };
}

function forward(
  upstream: Upstream,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  loseAnswer: boolean,
): void {
  const { host: _, connection: __, ...headers } = incoming.headers;
  const sent = request(
    {
      ...upstream,
      method: incoming.method,
      path: incoming.url,
      headers: { ...headers, ...(upstream.headers as object) },
    },
    (answer) => {
      if (loseAnswer) {
        answer.resume();
        answer.on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    },
  );
  sent.on('error', () => outgoing.destroy());
  outgoing.on('close', () => sent.destroy());
  incoming.pipe(sent);
}

function refuse(outgoing: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const reason = { 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable' }[status];
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message: reason };
  outgoing.end(JSON.stringify(body));
}

const kubeconfigFor = (port: number): string => `apiVersion: v1
kind: Config
clusters: [{name: proxy, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true}}]
users: [{name: nobody, user: {}}]
contexts: [{name: proxy, context: {cluster: proxy, user: nobody}}]
current-context: proxy
`;
