import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a cluster of a given name keeps what, and how its things on the machine are called. */
export type Layout = {
  readonly name: string;
  /** Everything the cluster writes. Never the checkout, never the cache. */
  readonly state: string;
  /** Links to the programs. Its processes are started under these paths, and known by them. */
  readonly programs: string;
  readonly logs: string;
  readonly certificates: string;
  /** By registry: how containerd reaches it. */
  readonly registries: string;
  readonly kubeconfig: string;
  /** Written when `up` is done, so its absence tells of an `up` that didn't come to its end. */
  readonly info: string;
  /** The cgroup of all its pods, in every hierarchy of the machine. */
  readonly cgroup: string;
};

/** Addresses of a node: all in one /16, so that the host needs one route, and two clusters never clash. */
export type Addresses = {
  readonly index: number;
  /** Name of the host's end of the cable to the node. Making it claims the index. */
  readonly link: string;
  readonly network: string;
  readonly pods: string;
  readonly services: string;
  readonly kubernetes: string;
  readonly dns: string;
  readonly host: string;
  readonly node: string;
};

export const CGROUP_PREFIX = 'paas-cluster.';
export const LINK_PREFIX = 'paas-c';
export const MAX_CLUSTERS = 64;

const FIRST_NETWORK = 180;

// A fixed folder, not $TMPDIR: `down` has to find what `up` made under another environment.
const STATE_ROOT = `/tmp/paas-cluster-${process.getuid?.() ?? 0}`;

/** The folder that holds the state of all clusters of this user. */
export function stateRoot(): string {
  return STATE_ROOT;
}

/** The file in which a cluster notes the name of its link, for whoever looks at the machine. */
export function linkFile(name: string): string {
  return join(STATE_ROOT, name, 'link');
}

/** The folder of downloaded and built programs, shared by all clusters and kept by `down`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.PAAS_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'paas');
  return join(base, 'cluster');
}

/** Where everything of the cluster with this name lies. Throws on a name that can't name a node. */
export function layout(name: string): Layout {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
    throw new Error(`"${name}" can't name a cluster: use 1 to 40 of a-z, 0-9 and "-"`);
  }
  const state = join(STATE_ROOT, name);
  return {
    name,
    state,
    programs: join(state, 'bin'),
    logs: join(state, 'logs'),
    certificates: join(state, 'certificates'),
    registries: join(state, 'registries'),
    kubeconfig: join(state, 'kubeconfig'),
    info: join(state, 'cluster.json'),
    cgroup: `${CGROUP_PREFIX}${name}`,
  };
}

/** The addresses of the cluster that has this index. */
export function addresses(index: number): Addresses {
  const prefix = `10.${FIRST_NETWORK + index}`;
  return {
    index,
    link: `${LINK_PREFIX}${index}`,
    network: `${prefix}.0.0/16`,
    pods: `${prefix}.0.0/24`,
    services: `${prefix}.128.0/18`,
    kubernetes: `${prefix}.128.1`,
    dns: `${prefix}.128.10`,
    host: `${prefix}.255.1`,
    node: `${prefix}.255.2`,
  };
}
