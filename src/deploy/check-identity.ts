import type { ClusterIdentity } from '../cluster/identity.ts';
import { otherCluster } from '../problems/deploy.ts';
import type { Problem } from '../problems/problem.ts';

/** What was noted of a cluster. */
export interface NotedIdentity {
  readonly uid?: string;
  readonly ca?: string;
}

/**
 * Whether this is the cluster that was noted: by the uid of kube-system; by the certificate authority where the uid
 * may not be read. Undefined when it is, or when there is nothing to compare.
 */
export function checkIdentity(
  noted: NotedIdentity | undefined,
  found: ClusterIdentity,
  environment: string,
  file: string,
): Problem | undefined {
  if (!noted) return undefined;
  const [before, now] = noted.uid && found.uid ? [noted.uid, found.uid] : [noted.ca, found.ca];
  if (before === now || before === undefined || now === undefined) return undefined;
  return otherCluster(environment, file, before.slice(0, 12), now.slice(0, 12));
}
