import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPrograms, moduleFolder, version } from '../build.ts';
import { linkProgram } from '../daemon.ts';
import { envoyVersion, fetchEnvoy } from '../envoy.ts';
import { ISTIO, ISTIO_RELEASE } from '../modules.ts';
import { run } from '../run.ts';
import type { Extra } from './extra.ts';
import { proxyImage } from './proxy-image.ts';
import { fill, push, pushProgram, readManifest, type Site, workFolder } from './site.ts';

/** Of the images. Istio names them by hub and tag, so the tag has to change with what is in them. */
function imageTag(): string {
  const making = readFileSync(join(import.meta.dirname, 'proxy-image.ts'));
  const hash = createHash('sha256').update(making).digest('hex').slice(0, 8);
  return `${version(ISTIO).split('-').at(-1)}-envoy-${envoyVersion()}-${hash}`;
}

/** The service mesh: its control plane, and a gateway at a port of the node; sidecars where a namespace asks. */
export const istio: Extra = {
  signs: [
    '/apis/networking.istio.io/v1',
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector',
    '/api/v1/namespaces/istio-system/services/istio-ingressgateway',
  ],
  deployments: ['istio-system/istiod', 'istio-system/istio-ingressgateway'],
  version: () => `${ISTIO_RELEASE} ${imageTag()}`,
  install: async (site) => {
    const { onProgress, signal } = site;
    const programs = await buildPrograms(ISTIO, Object.keys(ISTIO.programs), onProgress, signal);
    const module = await moduleFolder(ISTIO, signal);
    const tag = imageTag();
    await pushProgram(site, 'istio/pilot', tag, programs['pilot-discovery'] ?? '');
    const image = await proxyImage(site, {
      agent: programs['pilot-agent'] ?? '',
      envoy: await fetchEnvoy(onProgress, signal),
      bootstrap: join(module, 'tools/packaging/common/envoy_bootstrap.json'),
    });
    await push(site, 'istio/proxyv2', tag, image);
    await installMesh(site, programs.istioctl ?? '', tag);
  },
};

async function installMesh(site: Site, istioctl: string, tag: string): Promise<void> {
  const { layout, info, signal } = site;
  const file = join(workFolder(site, 'istio'), 'operator.yaml');
  const values = { HUB: `${info.registryInCluster}/istio`, TAG: tag };
  writeFileSync(file, fill(readManifest('istio.yaml'), values));
  await run(
    linkProgram(layout, 'istioctl', istioctl),
    ['install', '--skip-confirmation', `--kubeconfig=${layout.kubeconfig}`, `--filename=${file}`],
    { env: { ...process.env, HOME: layout.state }, signal },
  );
}
