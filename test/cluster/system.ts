import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkProgram } from './daemon.ts';
import { type Image, pushImage } from './image.ts';
import type { Addresses, Layout } from './layout.ts';
import type { NodeParts } from './node.ts';
import type { Parts } from './parts.ts';
import { run } from './run.ts';

/** What runs in every cluster as pods: DNS, and volumes for claims. */

/** Fills the cluster's registry with the images of its own pods. */
export async function pushSystemImages(registry: string, parts: NodeParts): Promise<void> {
  const program = (path: string, name: string, user?: string): Image => ({
    files: [{ path: `/${name}`, content: readFileSync(path) }],
    entrypoint: [`/${name}`],
    ...(user ? { user } : {}),
  });
  const busybox: Image = {
    files: [
      { path: '/bin/busybox', content: readFileSync(join(parts.debian, 'bin/busybox')) },
      ...['sh', 'mkdir', 'rm', 'chmod', 'cat', 'ls', 'wget', 'nslookup', 'sleep'].map((name) => ({
        path: `/bin/${name}`,
        linkTo: 'busybox',
      })),
    ],
    entrypoint: ['/bin/sh'],
  };
  await Promise.all([
    pushImage(registry, 'pause', '1', program(parts.pause, 'pause', '65535:65535')),
    pushImage(registry, 'busybox', '1', busybox),
    pushImage(registry, 'coredns', '1', program(parts.coredns, 'coredns', '65532:65532')),
    pushImage(registry, 'local-path-provisioner', '1', program(parts.provisioner, 'local-path-provisioner')),
  ]);
}

/** Applies the manifests of what runs in the cluster. */
export async function applySystem(
  layout: Layout,
  parts: Parts,
  place: Addresses,
  signal?: AbortSignal,
): Promise<void> {
  const values: Record<string, string> = { DNS_ADDRESS: place.dns, VOLUMES: join(layout.state, 'volumes') };
  const text = ['dns.yaml', 'storage.yaml']
    .map((file) => readFileSync(join(import.meta.dirname, 'manifests', file), 'utf8'))
    .join('\n---\n')
    .replace(/\$\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
  await kubectl(layout, parts, ['apply', '--filename=-'], { input: text, signal });
}

/** Waits until the pods of DNS and storage are ready. */
export async function awaitSystem(layout: Layout, parts: Parts, signal?: AbortSignal): Promise<void> {
  const rollout = (namespace: string, name: string): Promise<string> =>
    kubectl(
      layout,
      parts,
      ['rollout', 'status', `--namespace=${namespace}`, `deployment/${name}`, '--timeout=300s'],
      { signal },
    );
  await Promise.all([
    rollout('kube-system', 'coredns'),
    rollout('local-path-storage', 'local-path-provisioner'),
  ]);
}

function kubectl(
  layout: Layout,
  parts: Parts,
  args: readonly string[],
  options: { readonly input?: string; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const where = [`--kubeconfig=${layout.kubeconfig}`, `--cache-dir=${join(layout.state, 'kubectl')}`];
  // By its link it is known as the cluster's, and ended with it when this process can't do so any more.
  return run(linkProgram(layout, 'kubectl', parts.kubectl), [...where, ...args], options);
}
