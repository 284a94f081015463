import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { Agent, type Dispatcher } from 'undici';
import {
  kubeconfigBroken,
  loginFailed,
  noKubeconfig,
  unknownCluster,
  unknownContext,
} from '../problems/cluster.ts';
import { nearest } from '../problems/nearest.ts';
import { platformCluster, severalContexts } from '../problems/platform.ts';
import { fail } from '../problems/problem.ts';
import type { Cluster, Credentials } from './cluster.ts';

/** Which cluster is meant. A context that is asked for wins over the environment's cluster. */
export interface ClusterChoice {
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  /** Where the platform says that this cluster is, and what gets credentials for it. */
  readonly address?: { readonly server: string; readonly login?: string } | undefined;
  /** The value of KUBECONFIG: files, parted as PATH is. */
  readonly kubeconfig: string | undefined;
  /** Whether the program runs in a pod: then the service account serves where there is no kubeconfig. */
  readonly inPod: boolean;
}

/** A connection to the cluster that is meant. Nothing is sent yet. Throws a PaasError. */
export function connect(choice: ClusterChoice): Cluster {
  const config = loadKubeConfig(choice);
  const contexts = config.getContexts();
  if (choice.context !== undefined) {
    const known = contexts.map((context) => context.name);
    if (!known.includes(choice.context)) {
      fail(unknownContext(choice.context, known, nearest(choice.context, known)));
    }
    config.setCurrentContext(choice.context);
  } else if (choice.cluster !== undefined) {
    const { cluster, address } = choice;
    config.setCurrentContext(address ? contextAt(config, cluster, address) : contextOf(config, cluster));
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) fail(noKubeconfig());
  if (!URL.canParse(cluster.server)) fail(kubeconfigBroken(`${cluster.server} is not the URL of a cluster.`));
  return {
    name: cluster.name,
    context: config.getCurrentContext(),
    server: cluster.server.replace(/\/$/, ''),
    credentials: credentialsOf(config),
  };
}

/** The context of a cluster: the current one where it is of that cluster, else the first. */
function contextOf(config: KubeConfig, cluster: string): string {
  const contexts = config.getContexts().filter((context) => context.cluster === cluster);
  const current = contexts.find((context) => context.name === config.getCurrentContext());
  const context = current ?? contexts[0];
  if (context) return context.name;
  const known = config.getClusters().map(({ name }) => name);
  return fail(unknownCluster(cluster, known, nearest(cluster, known)));
}

/** The context that leads to a server: the current one where it does, else the only one. */
function contextAt(
  config: KubeConfig,
  name: string,
  { server, login }: NonNullable<ClusterChoice['address']>,
): string {
  const clusters = config.getClusters().filter((cluster) => sameServer(cluster.server, server));
  const contexts = config
    .getContexts()
    .filter((context) => clusters.some((cluster) => cluster.name === context.cluster))
    .map((context) => context.name);
  const current = config.getCurrentContext();
  if (contexts.includes(current)) return current;
  if (contexts.length > 1) fail(severalContexts(name, server, contexts));
  const known = config.getClusters().map((cluster) => cluster.server);
  return contexts[0] ?? fail(platformCluster(name, server, known, login));
}

/** Whether two URLs are of one server, however they are written. */
function sameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && plainUrl(a) === plainUrl(b);
}

function plainUrl(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

function loadKubeConfig({ kubeconfig, inPod }: ClusterChoice): KubeConfig {
  const named = kubeconfig?.split(delimiter).filter((file) => file !== '');
  const files = (named?.length ? named : [join(homedir(), '.kube', 'config')]).filter((file) =>
    existsSync(file),
  );
  const config = new KubeConfig();
  try {
    if (files.length > 0) config.loadFromFile(files[0]!);
    for (const file of files.slice(1)) {
      const next = new KubeConfig();
      next.loadFromFile(file);
      addTo(config, next);
    }
    if (files.length === 0 && inPod) config.loadFromCluster();
  } catch (error) {
    fail(kubeconfigBroken(firstLine(error)));
  }
  if (!config.getContexts()?.length) fail(noKubeconfig());
  return config;
}

/** What the files before don't have: of each name the first counts, and the first current context that is said. */
function addTo(config: KubeConfig, next: KubeConfig): void {
  const has = (all: readonly { readonly name: string }[] | undefined, { name }: { name: string }): boolean =>
    all?.some((one) => one.name === name) ?? false;
  for (const one of next.clusters) if (!has(config.clusters, one)) config.addCluster(one);
  for (const one of next.users) if (!has(config.users, one)) config.addUser(one);
  for (const one of next.contexts) if (!has(config.contexts, one)) config.addContext(one);
  if (!config.currentContext) config.setCurrentContext(next.currentContext);
}

function credentialsOf(config: KubeConfig): Cluster['credentials'] {
  let cached: Promise<Credentials> | undefined;
  return (fresh) => {
    if (!cached || fresh) cached = authenticate(config);
    return cached;
  };
}

async function authenticate(config: KubeConfig): Promise<Credentials> {
  const headers: Record<string, string> = {};
  let dispatcher: Dispatcher | undefined;
  const user = config.getCurrentUser() as { exec?: { command?: string } } | null;
  try {
    await config.applySecurityAuthentication({
      setHeaderParam: (name: string, value: string) => {
        headers[name] = value;
      },
      setDispatcher: (given: Dispatcher) => {
        dispatcher = given;
      },
    } as unknown as Parameters<KubeConfig['applySecurityAuthentication']>[0]);
  } catch (error) {
    if (user?.exec) fail(loginFailed(user.exec.command ?? '', String((error as Error).message).trim()));
    fail(kubeconfigBroken(firstLine(error)));
  }
  const forSockets = async (): Promise<object> => {
    const options = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
  return { headers, dispatcher: dispatcher ?? new Agent(), forSockets };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
