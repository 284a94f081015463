import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFolder, version } from '../build.ts';
import { GATEWAY_API, ISTIO, KEDA, PROMETHEUS_OPERATOR } from '../modules.ts';
import type { Extra } from './extra.ts';
import { apply, awaitPaths } from './site.ts';

/** The kinds of Istio, Gateway API, KEDA and prometheus-operator, without anything that acts on their objects. */

const FOLDERS = [
  [ISTIO, 'manifests/charts/base/files/crd-all.gen.yaml'],
  [GATEWAY_API, 'config/crd/standard'],
  [KEDA, 'config/crd/bases'],
  [PROMETHEUS_OPERATOR, 'example/prometheus-operator-crd'],
] as const;

const SIGNS = [
  '/apis/networking.istio.io/v1/virtualservices',
  '/apis/security.istio.io/v1/authorizationpolicies',
  '/apis/gateway.networking.k8s.io/v1/httproutes',
  '/apis/keda.sh/v1alpha1/scaledobjects',
  '/apis/monitoring.coreos.com/v1/servicemonitors',
  '/apis/monitoring.coreos.com/v1/prometheusrules',
];

/** The CRDs of everything that an app may be made of. */
export const crds: Extra = {
  signs: SIGNS,
  deployments: [],
  version: () => FOLDERS.map(([part]) => version(part)).join(' '),
  install: async (site) => {
    const paths: string[] = [];
    for (const [part, path] of FOLDERS) paths.push(join(await moduleFolder(part, site.signal), path));
    await apply(site, { paths: paths.flatMap(files) });
    await awaitPaths(site, SIGNS);
  },
};

/** CRDs only: a kustomization is no object, and an admission policy would judge objects of others. */
function files(path: string): string[] {
  if (path.endsWith('.yaml')) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml' && !name.includes('_vap_'))
    .map((name) => join(path, name));
}
