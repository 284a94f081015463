import { join } from 'node:path';
import { buildPrograms, moduleFolder, version } from '../build.ts';
import { KEDA } from '../modules.ts';
import type { Extra } from './extra.ts';
import { apply, kustomize, pushProgram, readManifest } from './site.ts';

/** Autoscaling by events: operator, the metrics API that the autoscaler asks, and the webhooks that check objects. */
export const keda: Extra = {
  signs: ['/apis/keda.sh/v1alpha1', '/apis/external.metrics.k8s.io/v1beta1'],
  deployments: ['keda/keda-operator', 'keda/keda-metrics-apiserver', 'keda/keda-admission'],
  version: () => version(KEDA),
  install: async (site) => {
    const programs = await buildPrograms(KEDA, Object.keys(KEDA.programs), site.onProgress, site.signal);
    const image = (name: string): Promise<string> =>
      pushProgram(site, name, version(KEDA), programs[name] ?? '');
    const values = {
      BASE: join(await moduleFolder(KEDA, site.signal), 'config/default'),
      OPERATOR: await image('keda-operator'),
      ADAPTER: await image('keda-metrics-apiserver'),
      WEBHOOKS: await image('keda-admission-webhooks'),
    };
    await apply(site, { text: await kustomize(site, 'keda', readManifest('keda.yaml'), values) });
  },
};
