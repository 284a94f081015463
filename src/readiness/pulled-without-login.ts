import type { KubeObject } from '../cluster/cluster.ts';
import type { Facts } from './facts.ts';
import { about } from './lookup.ts';

/** How often a login may be out of reach before it counts as one that isn't there. */
const forgiven = 2;

/**
 * Whether a registry may have refused an image only because the node pulled without the login that the instance names:
 * on a busy node it doesn't know the Secret yet, says so, and tries again with it. It tells of a failed pull after that,
 * so where nothing is told of the pull yet, this isn't known. Source: kubelet_pods.go, getPullSecretsForPod.
 */
export function pulledWithoutLogin(pod: KubeObject, facts: Pick<Facts, 'events' | 'unwatched'>): boolean {
  if (!pod.spec?.imagePullSecrets?.length || facts.unwatched?.has('Event')) return false;
  const told = (reason: string, words: RegExp): number =>
    about(facts.events, pod.metadata.uid)
      .filter((event) => event.reason === reason && words.test(event.message ?? event.note ?? ''))
      .reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0);
  const without = told('FailedToRetrieveImagePullSecret', /^/);
  const pulls = told('Failed', /^Failed to pull image/);
  return without <= forgiven && pulls <= without;
}
