import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, apiOf } from '../api.ts';
import type { OnProgress } from '../build.ts';
import { infoOf } from '../cluster.ts';
import { layout } from '../layout.ts';
import { withLock } from '../lock.ts';
import { pause } from '../wait.ts';
import { EXTRAS } from './catalog.ts';
import type { Extra, ExtraName } from './extra.ts';
import { answers, awaitDeployments, awaitPaths, type Site, workFolder } from './site.ts';

/**
 * Sees to it that a cluster that is up has these extras. What is there already costs a few requests; what isn't
 * is built (once per machine) and installed, by one process at a time.
 */
export async function bringExtras(
  cluster: string,
  names: readonly ExtraName[],
  options: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { onProgress = () => {}, signal } = options;
  const info = infoOf(cluster);
  if (!info || info.controlPlaneOnly) throw new Error(`The cluster ${cluster} is not up, or has no node.`);
  const site: Site = { info, layout: layout(cluster), onProgress, signal };
  for (const name of withNeeds(names)) await bring(site, name);
}

/** The extras with what they need, each once and after what it needs. */
function withNeeds(names: readonly ExtraName[]): ExtraName[] {
  return [...new Set(names.flatMap((name) => [...withNeeds(EXTRAS[name].needs ?? []), name]))];
}

async function bring(site: Site, name: ExtraName): Promise<void> {
  const extra = EXTRAS[name];
  const { onProgress, signal } = site;
  const api = apiOf(site.info.kubeconfig);
  const stamp = stampOf(extra);
  const file = join(workFolder(site, name), 'installed');
  const isInstalled = (): boolean => existsSync(file) && readFileSync(file, 'utf8') === stamp;
  // What is installed may be short of breath on a busy machine: it is installed anew only where that lasts.
  const isThere = async (): Promise<boolean> => {
    for (let tries = 0; isInstalled() && tries < 10; tries += 1) {
      if (await works(api, extra)) return true;
      await pause(2000, signal);
    }
    return false;
  };
  if (await isThere()) return;
  await withLock(
    `extra-${site.layout.name}-${name}`,
    async () => {
      // Another test may have installed it while this one waited.
      if (await isThere()) return;
      const start = Date.now();
      onProgress(`installing ${name} in the cluster ${site.layout.name}`);
      await extra.install(site);
      await awaitDeployments(site, extra.deployments);
      await awaitPaths(site, extra.signs);
      writeFileSync(file, stamp);
      onProgress(`installed ${name} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    },
    { signal, onWait: () => onProgress(`waiting: another run is installing ${name}`) },
  );
}

async function works(api: Api, extra: Extra): Promise<boolean> {
  const checks = [
    ...extra.signs.map((path) => answers(api, path)),
    ...extra.deployments.map((deployment) => isAvailable(api, deployment)),
  ];
  // No answer is none that it works: on a busy machine it may be late.
  return (await Promise.allSettled(checks)).every((one) => one.status === 'fulfilled' && one.value);
}

async function isAvailable(api: Api, deployment: string): Promise<boolean> {
  const [namespace, name] = deployment.split('/');
  const { status, body } = await api(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  if (status !== 200) return false;
  const found = JSON.parse(body) as { status?: { availableReplicas?: number } };
  return (found.status?.availableReplicas ?? 0) > 0;
}

/** Changes with the version of what is installed, and with how it is. */
function stampOf(extra: Extra): string {
  const hash = createHash('sha256').update(extra.version());
  for (const folder of [import.meta.dirname, join(import.meta.dirname, 'manifests')]) {
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.name.endsWith('.test.ts'),
    );
    for (const { name } of files.sort((a, b) => a.name.localeCompare(b.name)))
      hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}
