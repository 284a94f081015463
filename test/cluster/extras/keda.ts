import { join } from 'node:path';
import { buildPrograms, moduleFolder, version } from '../build.ts';
import { debianFiles, fetchDebian } from '../debian.ts';
import type { ImageFile } from '../image.ts';
import { KEDA } from '../modules.ts';
import type { Extra } from './extra.ts';
import { apply, kustomize, pushProgram, readManifest, type Site } from './site.ts';

/** Autoscaling by events: operator, the metrics API that the autoscaler asks, and the webhooks that check objects. */
export const keda: Extra = {
  signs: ['/apis/keda.sh/v1alpha1', '/apis/external.metrics.k8s.io/v1beta1'],
  deployments: ['keda/keda-operator', 'keda/keda-metrics-apiserver', 'keda/keda-admission'],
  version: () => version(KEDA),
  install: async (site) => {
    const programs = await buildPrograms(KEDA, Object.keys(KEDA.programs), site.onProgress, site.signal);
    const zones = await timeZones(site);
    const image = (name: string): Promise<string> =>
      pushProgram(site, name, version(KEDA), programs[name] ?? '', zones);
    const values = {
      BASE: join(await moduleFolder(KEDA, site.signal), 'config/default'),
      OPERATOR: await image('keda-operator'),
      ADAPTER: await image('keda-metrics-apiserver'),
      WEBHOOKS: await image('keda-admission-webhooks'),
    };
    await apply(site, { text: await kustomize(site, 'keda', readManifest('keda.yaml'), values) });
  },
};

/** What a cron trigger knows time zones by. */
async function timeZones(site: Site): Promise<ImageFile[]> {
  const packages = { programs: ['tzdata'], libraries: [] };
  const folder = await fetchDebian(site.onProgress, site.signal, packages);
  return debianFiles(folder, 'usr/share/zoneinfo').filter(({ path }) => !/\/(posix|right)\//.test(path));
}
