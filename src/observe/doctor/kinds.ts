import type { Cluster } from '../../cluster/cluster.ts';
import { kindPath } from '../../cluster/kinds.ts';
import { manifestsOf, type Plan } from '../../plan/plan.ts';
import { PaasError, type Problem } from '../../problems/problem.ts';

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The kinds of a plan that the cluster has, and a problem for each that it hasn't. */
export async function findKinds(
  cluster: Cluster,
  plan: Plan,
): Promise<{ readonly known: readonly Kind[]; readonly problems: readonly Problem[] }> {
  const known: Kind[] = [];
  const problems: Problem[] = [];
  for (const { apiVersion, kind } of uniqueKinds(plan)) {
    try {
      await kindPath(cluster, { apiVersion, kind });
      known.push({ apiVersion, kind });
    } catch (error) {
      if (!(error instanceof PaasError)) throw error;
      problems.push(...error.problems.map((problem): Problem => ({ ...problem, kind: 'refused' })));
    }
  }
  return { known, problems };
}

function uniqueKinds(plan: Plan): Kind[] {
  const all = manifestsOf(plan);
  return [
    ...new Map(all.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }])).values(),
  ];
}
