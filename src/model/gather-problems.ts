import type { Problem } from '../problems/problem.ts';

/** The problems of several environments: what isn't wrong in all of them says in which. */
export function gatherProblems(
  found: readonly { readonly environments: readonly string[]; readonly problems: readonly Problem[] }[],
): Problem[] {
  // Read once for all of them: then nothing is wrong in some only.
  if (found.length === 1) return [...found[0]!.problems];
  const all = found.flatMap(({ environments }) => environments);
  const where = new Map<string, string[]>();
  for (const { environments, problems } of found) {
    for (const id of new Set(problems.map(identity))) {
      where.set(id, [...(where.get(id) ?? []), ...environments]);
    }
  }
  return found.flatMap(({ problems }) =>
    problems.map((problem) => {
      const environments = where.get(identity(problem)) ?? [];
      if (environments.length === all.length) return problem;
      const names = all.filter((name) => environments.includes(name));
      return { ...problem, message: `In ${names.join(' and ')}: ${problem.message}` };
    }),
  );
}

/** One mistake is met again through each anchor and in each environment. */
export function once(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const before = seen.size;
    return seen.add(identity(problem)).size > before;
  });
}

/** Of the same kind in the same place; several keys can be missing in one place. */
function identity({ code, at, message }: Problem): string {
  return `${code} ${at?.source.path} ${at?.start} ${code === 'missing-key' || !at ? message : ''}`;
}

/** In the order of the file; what stands in another one, such as the platform's, comes after it. */
export function inOrder(problems: readonly Problem[], file: string): Problem[] {
  const elsewhere = (problem: Problem): number => (problem.at && problem.at.source.path !== file ? 1 : 0);
  return [...problems].sort((a, b) => elsewhere(a) - elsewhere(b) || (a.at?.start ?? 0) - (b.at?.start ?? 0));
}
