import { join } from 'node:path';
import { buildPrograms, moduleFolder, version } from '../build.ts';
import { METRICS_SERVER } from '../modules.ts';
import type { Extra } from './extra.ts';
import { apply, kustomize, pushProgram, readManifest } from './site.ts';

/** The API behind `kubectl top` and behind autoscaling by processor and memory. */
export const metricsServer: Extra = {
  signs: ['/apis/metrics.k8s.io/v1beta1/nodes'],
  deployments: ['kube-system/metrics-server'],
  version: () => version(METRICS_SERVER),
  install: async (site) => {
    const name = 'metrics-server';
    const { [name]: program = '' } = await buildPrograms(
      METRICS_SERVER,
      [name],
      site.onProgress,
      site.signal,
    );
    const values = {
      BASE: join(await moduleFolder(METRICS_SERVER, site.signal), 'manifests/base'),
      IMAGE: await pushProgram(site, name, version(METRICS_SERVER), program),
    };
    await apply(site, { text: await kustomize(site, name, readManifest('metrics-server.yaml'), values) });
  },
};
