import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type Api, apiOf } from '../api.ts';
import type { OnProgress } from '../build.ts';
import { linkProgram } from '../daemon.ts';
import { type Image, type ImageFile, pushImage } from '../image.ts';
import type { Layout } from '../layout.ts';
import { run } from '../run.ts';
import type { ClusterInfo } from '../start.ts';
import { until } from '../wait.ts';

/** The cluster that something is installed in. */
export type Site = {
  readonly info: ClusterInfo;
  readonly layout: Layout;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal | undefined;
};

/** Who all objects of extras belong to, so that applying them again or differently is no conflict. */
const MANAGER = 'paas-cluster';

/** kubectl of the cluster. By its link it is known as the cluster's, and ended with it. */
export function kubectl(site: Site, args: readonly string[], input?: string): Promise<string> {
  const { layout, info, signal } = site;
  const where = [`--kubeconfig=${layout.kubeconfig}`, `--cache-dir=${join(layout.state, 'kubectl')}`];
  return run(linkProgram(layout, 'kubectl', info.kubectl), [...where, ...args], {
    signal,
    ...(input === undefined ? {} : { input }),
  });
}

/** Applies manifests: text, or files and folders of them. */
export async function apply(
  site: Site,
  what: { text: string } | { paths: readonly string[] },
): Promise<void> {
  const files = 'text' in what ? ['-'] : what.paths;
  await kubectl(
    site,
    [
      'apply',
      '--server-side',
      '--force-conflicts',
      `--field-manager=${MANAGER}`,
      ...files.map((file) => `--filename=${file}`),
    ],
    'text' in what ? what.text : undefined,
  );
}

/** Waits until Deployments, named as `namespace/name`, have their instances. */
export async function awaitDeployments(site: Site, deployments: readonly string[]): Promise<void> {
  await Promise.all(deployments.map((deployment) => awaitDeployment(site, deployment)));
}

async function awaitDeployment(site: Site, deployment: string): Promise<void> {
  const [namespace, name] = deployment.split('/');
  const which = [`--namespace=${namespace}`, `deployment/${name}`];
  await kubectl(site, ['rollout', 'status', ...which, '--timeout=300s']).catch(async (error: Error) => {
    const logs = await kubectl(site, ['logs', ...which, '--tail=15']).catch(() => 'nothing');
    throw new Error(`${error.message}\nIts program said:\n${logs}`);
  });
}

/** Waits until the API answers at these paths, as it does when a kind is known or an aggregated API works. */
export async function awaitPaths(site: Site, paths: readonly string[]): Promise<void> {
  const api = apiOf(site.info.kubeconfig);
  const { signal } = site;
  await Promise.all(
    paths.map((path) =>
      until(path, () => answers(api, path), { signal, timeoutMs: 300_000, intervalMs: 200 }),
    ),
  );
}

/** Whether the API answers at this path. */
export async function answers(api: Api, path: string): Promise<boolean> {
  return (await api(path)).status === 200;
}

/** Puts an image into the cluster's registry. Gives its name for pods. */
export async function push(site: Site, repository: string, tag: string, image: Image): Promise<string> {
  const { registry, registryInCluster } = site.info;
  if (!registry || !registryInCluster) throw new Error('A control plane alone runs no pods.');
  // The same tag may be another program in a later checkout, and nodes keep what they have pulled.
  const digest = await pushImage(registry, repository, tag, image);
  return `${registryInCluster}/${repository}:${tag}@${digest}`;
}

/**
 * Pushes an image of one static program, which is `/` and its name, with files beside it where it needs them.
 * Gives the image's name for pods.
 */
export function pushProgram(
  site: Site,
  name: string,
  tag: string,
  program: string,
  files: readonly ImageFile[] = [],
): Promise<string> {
  const path = `/${basename(program)}`;
  return push(site, name, tag, {
    files: [{ path, content: readFileSync(program) }, ...files],
    entrypoint: [path],
    user: '65532:65532',
  });
}

/** The manifests of somebody's folder, changed by a kustomization of ours. */
export function kustomize(site: Site, name: string, template: string, values: Values): Promise<string> {
  const folder = workFolder(site, name);
  // It takes no absolute paths, and the folder may be behind a link.
  const base = relative(realpathSync(folder), realpathSync(values.BASE ?? '.'));
  writeFileSync(join(folder, 'kustomization.yaml'), fill(template, { ...values, BASE: base }));
  return kubectl(site, ['kustomize', folder]);
}

/** Values of a template, by name. */
export type Values = Readonly<Record<string, string>>;

/** Puts values in the place of `${NAME}`. */
export function fill(template: string, values: Values): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (all, key: string) => values[key] ?? all);
}

/** A file that lies beside the extras. */
export function readManifest(name: string): string {
  return readFileSync(join(import.meta.dirname, 'manifests', name), 'utf8');
}

/** A folder of the cluster for the files of one extra. */
export function workFolder(site: Site, name: string): string {
  const folder = join(site.layout.state, 'extras', name);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
