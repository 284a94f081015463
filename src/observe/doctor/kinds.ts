import type { Cluster } from '../../cluster/cluster.ts';
import { resourceOf } from '../../cluster/rights.ts';
import type { Plan } from '../../plan/plan.ts';
import { PaasError, type Problem } from '../../problems/problem.ts';

/** A kind as rights name it. */
export interface KnownKind {
  readonly group: string;
  readonly resource: string;
}

/** The kinds of a plan that the cluster has, and a problem for each that it hasn't. */
export async function findKinds(
  cluster: Cluster,
  plan: Plan,
): Promise<{ readonly known: readonly KnownKind[]; readonly problems: readonly Problem[] }> {
  const known: KnownKind[] = [];
  const problems: Problem[] = [];
  for (const { apiVersion, kind } of uniqueKinds(plan)) {
    try {
      known.push(await resourceOf(cluster, { apiVersion, kind }));
    } catch (error) {
      if (!(error instanceof PaasError)) throw error;
      problems.push(...error.problems.map((problem): Problem => ({ ...problem, kind: 'refused' })));
    }
  }
  return { known, problems };
}

function uniqueKinds(plan: Plan): { apiVersion: string; kind: string }[] {
  const all = plan.phases.flatMap(({ manifests }) => manifests);
  return [
    ...new Map(all.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }])).values(),
  ];
}
