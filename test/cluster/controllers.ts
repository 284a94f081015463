import type { Credentials } from './credentials.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import type { NodeOptions } from './node.ts';

/** Starts what makes objects move: the controllers and the scheduler. */
export function startControllers(options: NodeOptions, credentials: Credentials): Daemon[] {
  const { layout, parts, place, node } = options;
  const { file } = credentials;
  const kubeconfig = credentials.kubeconfig('kube-controller-manager', 'system:kube-controller-manager');
  const manager = startDaemon(
    layout,
    'kube-controller-manager',
    parts.controllerManager,
    [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${file('service-accounts.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      `--cluster-signing-cert-file=${file('ca.crt')}`,
      `--cluster-signing-key-file=${file('ca.key')}`,
      `--cluster-name=${layout.name}`,
      '--allocate-node-cidrs=true',
      `--cluster-cidr=${place.pods}`,
      `--service-cluster-ip-range=${place.services}`,
      // Autoscalers look every 2 s instead of every 15 s, and take new instances into account sooner.
      '--horizontal-pod-autoscaler-sync-period=2s',
      '--horizontal-pod-autoscaler-initial-readiness-delay=5s',
      '--horizontal-pod-autoscaler-cpu-initialization-period=15s',
    ],
    { node },
  );
  const schedulerConfig = credentials.kubeconfig('kube-scheduler', 'system:kube-scheduler');
  const scheduler = startDaemon(
    layout,
    'kube-scheduler',
    parts.scheduler,
    [
      `--kubeconfig=${schedulerConfig}`,
      `--authentication-kubeconfig=${schedulerConfig}`,
      `--authorization-kubeconfig=${schedulerConfig}`,
      '--leader-elect=false',
    ],
    { node },
  );
  return [manager, scheduler];
}
