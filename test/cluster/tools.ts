import { buildPrograms, type GoPart, type OnProgress } from './build.ts';
import { ISTIO, PROMETHEUS } from './modules.ts';

/** Programs that tests and benches run beside the cluster. Each is built when it is first asked for. */

const TOOLS = {
  kubeconform: {
    name: 'kubeconform',
    module: 'github.com/yannh/kubeconform',
    programs: { kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform' },
    linkerFlags: (version) => `-X main.version=${version}`,
  },
  kustomize: {
    name: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    programs: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' },
    linkerFlags: (version) => `-X sigs.k8s.io/kustomize/api/provenance.version=kustomize/${version}`,
  },
  helm: {
    name: 'helm',
    module: 'helm.sh/helm/v4',
    programs: { helm: 'helm.sh/helm/v4/cmd/helm' },
    linkerFlags: (version) => `-X helm.sh/helm/v4/internal/version.version=${version}`,
  },
  kapp: {
    name: 'kapp',
    module: 'carvel.dev/kapp',
    programs: { kapp: 'carvel.dev/kapp/cmd/kapp' },
    linkerFlags: (version) => `-X carvel.dev/kapp/pkg/kapp/version.Version=${version}`,
  },
  nelm: {
    name: 'nelm',
    module: 'github.com/werf/nelm',
    programs: { nelm: 'github.com/werf/nelm/cmd/nelm' },
    linkerFlags: (version) => `-X github.com/werf/nelm/pkg/common.Version=${version.slice(1)}`,
  },
  istioctl: ISTIO,
  promtool: PROMETHEUS,
} satisfies Record<string, GoPart>;

/** A program that `toolPath` can bring. */
export type Tool = keyof typeof TOOLS;

/** Path of a tool; builds it when it isn't in the cache. */
export async function toolPath(
  tool: Tool,
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const paths = await buildPrograms(TOOLS[tool], [tool], onProgress, signal);
  return paths[tool] ?? '';
}
