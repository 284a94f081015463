import type { GoPart } from './build.ts';

/** The modules that extras and tools are built from. */

export const METRICS_SERVER: GoPart = {
  name: 'metrics-server',
  module: 'sigs.k8s.io/metrics-server',
  programs: { 'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
};

export const KEDA: GoPart = {
  name: 'keda',
  module: 'github.com/kedacore/keda/v2',
  programs: {
    'keda-operator': 'github.com/kedacore/keda/v2/cmd/operator',
    'keda-metrics-apiserver': 'github.com/kedacore/keda/v2/cmd/adapter',
    'keda-admission-webhooks': 'github.com/kedacore/keda/v2/cmd/webhooks',
  },
  linkerFlags: (version) => `-X github.com/kedacore/keda/v2/version.Version=${version.slice(1)}`,
};

export const ISTIO: GoPart = {
  name: 'istio',
  module: 'istio.io/istio',
  programs: {
    'pilot-discovery': 'istio.io/istio/pilot/cmd/pilot-discovery',
    'pilot-agent': 'istio.io/istio/pilot/cmd/pilot-agent',
    istioctl: 'istio.io/istio/istioctl/cmd/istioctl',
  },
  tags: {
    'pilot-discovery': 'disable_pgv',
    'pilot-agent': 'agent,disable_pgv',
    istioctl: 'disable_pgv',
  },
  // The module is of a commit; the release that it became part of is the version for people.
  linkerFlags: () => `-X istio.io/istio/pkg/version.buildVersion=${ISTIO_RELEASE}`,
};

/** The release of Istio whose API the module has. */
export const ISTIO_RELEASE = '1.31.1';

/** Nothing is built of it: its folder holds the CRDs. */
export const GATEWAY_API: GoPart = {
  name: 'gateway-api',
  module: 'sigs.k8s.io/gateway-api',
  programs: {},
};

export const PROMETHEUS_OPERATOR: GoPart = {
  name: 'prometheus-operator',
  module: 'github.com/prometheus-operator/prometheus-operator',
  programs: {
    'prometheus-operator': 'github.com/prometheus-operator/prometheus-operator/cmd/operator',
    'prometheus-config-reloader':
      'github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader',
  },
};

const ONLY_KUBERNETES = 'remove_all_sd,enable_kubernetes_sd';

export const PROMETHEUS: GoPart = {
  name: 'prometheus',
  module: 'github.com/prometheus/prometheus',
  programs: {
    prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
    promtool: 'github.com/prometheus/prometheus/cmd/promtool',
  },
  // Finding targets in the clouds would be most of the program, and of the time to build it.
  tags: { prometheus: ONLY_KUBERNETES, promtool: ONLY_KUBERNETES },
  // The module's version v0.310.0 is the release 3.10.0.
  linkerFlags: (version) => `-X github.com/prometheus/common/version.Version=${prometheusRelease(version)}`,
};

/** The release of Prometheus that a version of its module is. */
export function prometheusRelease(version: string): string {
  const [, minor = '', patch = ''] = version.split('.');
  return `${minor.slice(0, 1)}.${Number(minor.slice(1))}.${patch}`;
}
