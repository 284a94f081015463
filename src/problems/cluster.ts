import type { Problem } from './problem.ts';

// Problems of reaching a cluster and of what it answers.

export const noKubeconfig = (): Problem => ({
  code: 'no-cluster',
  kind: 'usage',
  message: 'No cluster is known: there is no kubeconfig with a current context.',
  hint: 'Set KUBECONFIG to a file, log in with the tool of your cluster, or in a checkout of paas: npm run cluster -- up.',
});

export const kubeconfigBroken = (reason: string): Problem => ({
  code: 'kubeconfig-broken',
  kind: 'usage',
  message: `The kubeconfig can't be read: ${reason}`,
});

export const unknownContext = (name: string, known: string[], meant: string | undefined): Problem => ({
  code: 'unknown-context',
  kind: 'usage',
  message: `The kubeconfig has no context ${name}; it has ${known.join(', ') || 'none'}.`,
  hint: meant ? `Did you mean --context ${meant}?` : 'Take one of these, or set KUBECONFIG to another file.',
});

export const unknownCluster = (name: string, known: string[], meant: string | undefined): Problem => ({
  code: 'unknown-cluster',
  kind: 'usage',
  message: `The kubeconfig has no cluster ${name}; it has ${known.join(', ') || 'none'}.`,
  hint: meant
    ? `Did you mean cluster: ${meant}? Or say which context to use with --context NAME.`
    : 'Say which context to use with --context NAME.',
});

export const clusterUnreachable = (server: string, reason: string): Problem => ({
  code: 'cluster-unreachable',
  kind: 'cluster',
  message: `The cluster at ${server} doesn't answer: ${reason}.`,
  hint: 'Is it running, is the VPN up, is this the right context (--context)?',
});

export const clusterUntrusted = (server: string, reason: string): Problem => ({
  code: 'cluster-untrusted',
  kind: 'cluster',
  message: `The certificate of ${server} isn't the one that the kubeconfig expects: ${reason}.`,
  hint: 'The cluster may have been made anew: fetch its kubeconfig again.',
});

export const loginFailed = (command: string, words: string): Problem => ({
  code: 'login-failed',
  kind: 'cluster',
  message: `The login program ${command} of the kubeconfig failed.`,
  ...(words && { details: words.split('\n').slice(0, 10) }),
  hint: `Run ${command} by hand, or log in again with the tool of your cluster.`,
});

export const loginExpired = (server: string): Problem => ({
  code: 'login-expired',
  kind: 'cluster',
  message: `${server} doesn't accept the credentials of the kubeconfig (401).`,
  hint: 'They may have expired: log in again with the tool of your cluster.',
});

export const missingRight = (verb: string, what: string, where: string, words: string): Problem => ({
  code: 'missing-right',
  kind: 'refused',
  message: `You may not ${verb} ${what} ${where}.`,
  details: [words],
  hint: 'Ask for this right, or use another context (--context).',
});

/** `namespace`: undefined for rights in the whole cluster. `lacking`: `deployments.apps: create, patch`. */
export const missingRights = (namespace: string | undefined, lacking: readonly string[]): Problem => ({
  code: 'missing-right',
  kind: 'refused',
  message: `You lack rights in ${namespace ? `namespace ${namespace}` : 'the cluster'} that this needs; nothing was touched.`,
  details: lacking,
  hint: namespace
    ? 'Ask for them, as a Role and a RoleBinding in that namespace, or use another context (--context).'
    : 'Ask for them, as a ClusterRole and a ClusterRoleBinding, or use another context (--context).',
});

export const requestFailed = (what: string, status: number, words: string): Problem => ({
  code: 'request-failed',
  kind: 'cluster',
  message: `${what} failed with status ${status}.`,
  details: [words],
});

export const rejected = (object: string, words: string): Problem => ({
  code: 'object-rejected',
  kind: 'failed',
  message: `The cluster does not accept ${object}.`,
  details: [words],
});

/** A quota, a limit or an admission rule that has a code of its own. */
export const refusedByRule = (
  object: string,
  cause: { readonly code: string; readonly message: string; readonly hint?: string },
  words: string,
): Problem => ({
  code: cause.code,
  kind: 'failed',
  message: `The cluster does not accept ${object}. ${cause.message}`,
  details: [words],
  ...(cause.hint && { hint: cause.hint }),
});

/** By the group of a kind: who brings it, and what does without. */
const otherWays: Readonly<Record<string, string>> = {
  'keda.sh': 'KEDA may not be installed there. A scaling_policy with cpu and memory alone needs none.',
  'networking.istio.io':
    'Istio may not be installed there. A platform file may name another way in, such as routing: {type: node_port}.',
  'gateway.networking.k8s.io':
    'The Gateway API may not be installed there. The platform file says another way in by routing.',
  'monitoring.coreos.com':
    'prometheus-operator may not be installed there. The platform file says how metrics are found by monitoring.',
};

export const unknownKind = (apiVersion: string, kind: string): Problem => ({
  code: 'unknown-kind',
  kind: 'refused',
  message: `The cluster doesn't know ${kind} of ${apiVersion}.`,
  hint: otherWays[apiVersion.split('/')[0]!] ?? 'What defines it may not be installed there.',
});
