import type { Cluster } from './cluster.ts';
import { kindPath } from './kinds.ts';
import { request } from './request.ts';

/** Something that one may do or not. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** What of an object, such as `log` of a pod. */
  readonly part?: string;
  /** Of one object alone. */
  readonly name?: string;
}

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A kind as rules of access name it. Throws a PaasError (`unknown-kind`) where the cluster doesn't have it. */
export async function resourceOf(
  cluster: Cluster,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Promise<Pick<Right, 'group' | 'resource'>> {
  const path = await kindPath(cluster, { apiVersion, kind });
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return { group, resource: path.slice(path.lastIndexOf('/') + 1) };
}

/** What rights are about: `deployments.apps`, `pods/log`. */
export function describeResource({ group, resource, part }: Omit<Right, 'verb'>): string {
  return `${resource}${group ? `.${group}` : ''}${part ? `/${part}` : ''}`;
}

/** Those of the rights that one doesn't have in a namespace. Source: Kubernetes API, authorization.k8s.io/v1. */
export async function missingRights(
  cluster: Cluster,
  namespace: string,
  rights: readonly Right[],
): Promise<Right[]> {
  const { status } = await request<{ status?: { resourceRules?: readonly Rule[]; incomplete?: boolean } }>(
    cluster,
    review('selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace }),
  );
  const rules = status?.resourceRules ?? [];
  const open = rights.filter((right) => !rules.some((rule) => grants(rule, right)));
  // Some authorizers can't list what they grant: what is not in the list is asked for one by one.
  const answers = await Promise.all(open.map((right) => isAllowed(cluster, namespace, right)));
  return open.filter((_, index) => !answers[index]);
}

/** Whether one may do something; without a namespace: in the cluster. */
export async function isAllowed(
  cluster: Cluster,
  namespace: string | undefined,
  { verb, group, resource, part, name }: Right,
): Promise<boolean> {
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(part && { subresource: part }),
    ...(name && { name }),
    ...(namespace && { namespace }),
  };
  const { status } = await request<{ status?: { allowed?: boolean } }>(
    cluster,
    review('selfsubjectaccessreviews', 'SelfSubjectAccessReview', { resourceAttributes }),
  );
  return status?.allowed === true;
}

/** A question in the form of an object: nothing is made by it. */
function review(plural: string, kind: string, spec: object) {
  const apiVersion = 'authorization.k8s.io/v1';
  return { method: 'POST' as const, path: `/apis/${apiVersion}/${plural}`, body: { apiVersion, kind, spec } };
}

function grants({ verbs, apiGroups = [], resources = [], resourceNames = [] }: Rule, right: Right): boolean {
  const has = (list: readonly string[], one: string): boolean => list.includes('*') || list.includes(one);
  const resource = right.part ? `${right.resource}/${right.part}` : right.resource;
  return (
    (resourceNames.length === 0 || (right.name !== undefined && resourceNames.includes(right.name))) &&
    has(verbs, right.verb) &&
    has(apiGroups, right.group) &&
    has(resources, resource)
  );
}
