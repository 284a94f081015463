import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPrograms, folderOf, type GoPart, type OnProgress, version } from './build.ts';
import { debianFolder, fetchDebian } from './debian.ts';

/** The programs that a cluster is made of, each built from its source once per machine and kept in the cache. */

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

const KUBERNETES: GoPart = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  programs: Object.fromEntries(
    ['kube-apiserver', 'kubectl', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'].map(
      (program) => [program, `k8s.io/kubernetes/cmd/${program}`],
    ),
  ),
  linkerFlags: kubernetesVersion,
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

/** Kubernetes learns its version from the linker only; without it clients see v0.0.0 and refuse to work. */
function kubernetesVersion(gitVersion: string): string {
  const [major, minor] = gitVersion.slice(1).split('.');
  const values = { gitVersion, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = Object.entries(values).map(
    ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
  );
  return flags.join(' ');
}

function debianVersions(folder: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as Record<string, string>;
}
