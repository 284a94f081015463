import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { debianFolder, fetchDebian } from './debian.ts';
import { buildGo } from './go.ts';
import { cacheRoot } from './layout.ts';
import { withLock } from './lock.ts';

/** The programs that a cluster is made of, each built from its source once per machine and kept in the cache. */

export type OnProgress = (line: string) => void;

/** Where the programs lie. `node` is absent where only a control plane was asked for. */
export type Parts = {
  readonly etcd: string;
  readonly apiserver: string;
  readonly kubectl: string;
  readonly node?: {
    readonly controllerManager: string;
    readonly scheduler: string;
    readonly kubelet: string;
    readonly proxy: string;
    readonly pause: string;
    readonly coredns: string;
    readonly provisioner: string;
    /** Root of the unpacked Debian packages: containerd and what it stands on. */
    readonly debian: string;
  };
  readonly versions: Readonly<Record<string, string>>;
};

type GoPart = {
  readonly name: string;
  /** The module whose version in go.mod is the version of the part. */
  readonly module: string;
  /** Program name to package path. */
  readonly programs: Readonly<Record<string, string>>;
};

const KUBERNETES: GoPart = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  programs: Object.fromEntries(
    ['kube-apiserver', 'kubectl', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'].map(
      (program) => [program, `k8s.io/kubernetes/cmd/${program}`],
    ),
  ),
};
const ETCD: GoPart = {
  name: 'etcd',
  module: 'go.etcd.io/etcd/server/v3',
  programs: { etcd: 'go.etcd.io/etcd/server/v3' },
};
const COREDNS: GoPart = {
  name: 'coredns',
  module: 'github.com/coredns/coredns',
  programs: { coredns: 'github.com/coredns/coredns' },
};
const PROVISIONER: GoPart = {
  name: 'local-path-provisioner',
  module: 'github.com/rancher/local-path-provisioner',
  programs: { 'local-path-provisioner': 'github.com/rancher/local-path-provisioner' },
};
const PAUSE: GoPart = { name: 'pause', module: '', programs: { pause: '.' } };

const SOURCES = join(import.meta.dirname, 'parts');

/** Brings every program that is needed into the cache, and says where they are. */
export async function prepareParts(options: {
  readonly controlPlaneOnly: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal | undefined;
}): Promise<Parts> {
  const { controlPlaneOnly, onProgress, signal } = options;
  const assets = process.env.KUBEBUILDER_ASSETS;
  const build = (part: GoPart, ...programs: string[]): Promise<Record<string, string>> =>
    buildPrograms(part, programs, onProgress, signal);
  const kubernetes = version(KUBERNETES);
  const given = assets
    ? {
        etcd: join(assets, 'etcd'),
        apiserver: join(assets, 'kube-apiserver'),
        kubectl: join(assets, 'kubectl'),
      }
    : undefined;
  // The control plane first: what is asked for most often should not wait for the rest.
  const etcd = given ? {} : await build(ETCD, 'etcd');
  const control = given ? {} : await build(KUBERNETES, 'kube-apiserver', 'kubectl');
  const core = given ?? {
    etcd: etcd.etcd ?? '',
    apiserver: control['kube-apiserver'] ?? '',
    kubectl: control.kubectl ?? '',
  };
  const coreVersions = given
    ? { kubernetes: `from ${assets}`, etcd: `from ${assets}` }
    : { kubernetes, etcd: version(ETCD) };
  if (controlPlaneOnly) return { ...core, versions: coreVersions };

  const debian = await fetchDebian(onProgress, signal);
  const rest = {
    ...(await build(PAUSE, 'pause')),
    ...(await build(KUBERNETES, 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy')),
    ...(await build(COREDNS, 'coredns')),
    ...(await build(PROVISIONER, 'local-path-provisioner')),
  };
  return {
    ...core,
    node: {
      controllerManager: rest['kube-controller-manager'] ?? '',
      scheduler: rest['kube-scheduler'] ?? '',
      kubelet: rest.kubelet ?? '',
      proxy: rest['kube-proxy'] ?? '',
      pause: rest.pause ?? '',
      coredns: rest.coredns ?? '',
      provisioner: rest['local-path-provisioner'] ?? '',
      debian,
    },
    versions: {
      ...coreVersions,
      coredns: version(COREDNS),
      'local-path-provisioner': version(PROVISIONER),
      ...debianVersions(debian),
    },
  };
}

/** Whether an `up` would have to build or download first. */
export function partsAreCached(controlPlaneOnly: boolean): boolean {
  const has = (part: GoPart, ...programs: string[]): boolean =>
    programs.every((program) => existsSync(join(folderOf(part), program)));
  const core = process.env.KUBEBUILDER_ASSETS
    ? true
    : has(ETCD, 'etcd') && has(KUBERNETES, 'kube-apiserver', 'kubectl');
  if (controlPlaneOnly || !core) return core;
  const all = [KUBERNETES, COREDNS, PROVISIONER, PAUSE];
  return all.every((part) => has(part, ...Object.keys(part.programs))) && existsSync(debianFolder());
}

async function buildPrograms(
  part: GoPart,
  programs: readonly string[],
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const folder = folderOf(part);
  const paths = Object.fromEntries(programs.map((program) => [program, join(folder, program)]));
  const missing = (): string[] => programs.filter((program) => !existsSync(join(folder, program)));
  if (missing().length === 0) return paths;
  return withLock(
    `build-${part.name}`,
    async () => {
      // Somebody else may have built them while this one waited for the lock.
      const wanted = missing();
      if (wanted.length > 0) await buildInto(folder, part, wanted, onProgress, signal);
      return paths;
    },
    { signal, onWait: () => onProgress(`waiting: another run is building ${part.name}`) },
  );
}

async function buildInto(
  folder: string,
  part: GoPart,
  programs: readonly string[],
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // What a killed build left; nobody else is at it, for the lock is held.
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith('.building-')) rmSync(join(folder, entry), { recursive: true, force: true });
  }
  const what = `${programs.join(', ')} ${version(part)}`;
  onProgress(`building ${what} (once per machine; all programs together take about 10 minutes on 2 cores)`);
  const start = Date.now();
  const ticker = setInterval(
    () => onProgress(`still building ${what} (${Math.round((Date.now() - start) / 1000)} s)`),
    15_000,
  );
  try {
    for (const program of programs) {
      // One after the other into its place: of a run that is interrupted, the finished ones stay.
      await buildGo({
        folder: join(SOURCES, part.name),
        target: part.programs[program] ?? '',
        output: join(folder, program),
        linkerFlags: linkerFlags(part),
        signal,
      });
    }
    onProgress(`built ${what} in ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    clearInterval(ticker);
  }
}

/** Kubernetes learns its version from the linker only; without it clients see v0.0.0 and refuse to work. */
function linkerFlags(part: GoPart): string {
  if (part.name !== 'kubernetes') return '';
  const gitVersion = version(part);
  const [major, minor] = gitVersion.slice(1).split('.');
  const values = { gitVersion, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = Object.entries(values).map(
    ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
  );
  return flags.join(' ');
}

function folderOf(part: GoPart): string {
  return join(cacheRoot(), `${part.name}-${version(part)}-${process.arch}`);
}

/** The version that go.mod pins; our own program has none, so its source is its version. */
function version(part: GoPart): string {
  const folder = join(SOURCES, part.name);
  if (part.module === '') {
    return createHash('sha256')
      .update(readFileSync(join(folder, 'main.go')))
      .digest('hex')
      .slice(0, 12);
  }
  const found = readFileSync(join(folder, 'go.mod'), 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([module, number]) => module === part.module && number?.startsWith('v'));
  if (!found?.[1])
    throw new Error(`test/cluster/parts/${part.name}/go.mod names no version of ${part.module}`);
  return found[1];
}

function debianVersions(folder: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as Record<string, string>;
}
