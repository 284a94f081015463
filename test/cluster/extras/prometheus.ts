import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { buildPrograms, type GoPart, moduleFolder, version } from '../build.ts';
import { PROMETHEUS, PROMETHEUS_OPERATOR, prometheusRelease } from '../modules.ts';
import type { Extra } from './extra.ts';
import { apply, fill, kubectl, kustomize, push, readManifest, type Site } from './site.ts';

/**
 * A Prometheus server that its operator runs: it takes ServiceMonitors, PodMonitors and PrometheusRules of every
 * namespace, and scrapes pods that ask for it by the annotations `prometheus.io/*`.
 */
export const prometheus: Extra = {
  needs: ['crds'],
  signs: ['/api/v1/namespaces/monitoring/services/prometheus-operated:9090/proxy/-/ready'],
  deployments: ['monitoring/prometheus-operator'],
  version: () => `${version(PROMETHEUS)} ${version(PROMETHEUS_OPERATOR)}`,
  install: async (site) => {
    const { onProgress, signal } = site;
    const server = await buildPrograms(PROMETHEUS, ['prometheus'], onProgress, signal);
    const names = Object.keys(PROMETHEUS_OPERATOR.programs);
    const operator = await buildPrograms(PROMETHEUS_OPERATOR, names, onProgress, signal);
    const image = (part: GoPart, program: string | undefined): Promise<string> =>
      pushToBin(site, version(part), program ?? '');
    const values = {
      BASE: await moduleFolder(PROMETHEUS_OPERATOR, signal),
      OPERATOR: await image(PROMETHEUS_OPERATOR, operator['prometheus-operator']),
      RELOADER: await image(PROMETHEUS_OPERATOR, operator['prometheus-config-reloader']),
      PROMETHEUS: await image(PROMETHEUS, server.prometheus),
      VERSION: `v${prometheusRelease(version(PROMETHEUS))}`,
    };
    const template = readManifest('prometheus-operator.yaml');
    await apply(site, { text: fill(readManifest('prometheus.yaml'), values) });
    await apply(site, { text: await kustomize(site, 'prometheus', template, values) });
    const available = ['--for=condition=Available', 'prometheus/prometheus', '--timeout=300s'];
    await kubectl(site, ['wait', '--namespace=monitoring', ...available]);
  },
};

/** The operator starts its programs in /bin, and mounts the folder of the data as /prometheus. */
function pushToBin(site: Site, tag: string, program: string): Promise<string> {
  const path = `/bin/${basename(program)}`;
  return push(site, basename(program), tag, {
    files: [{ path, content: readFileSync(program) }],
    entrypoint: [path],
    user: '65532:65532',
  });
}
