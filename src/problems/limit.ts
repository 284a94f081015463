import { moreProblems } from './model.ts';
import type { Problem } from './problem.ts';

/** Nobody reads more at once, and what nobody reads must not take long to find. */
export const mostProblems = 100;

/** The first problems, and how many more there are. */
export function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  const shown = problems.filter(({ code }) => code !== 'more-problems').slice(0, mostProblems);
  if (shown.length === problems.length) return problems;
  const at = shown.at(-1)?.at ?? problems[0]?.at;
  return at ? [...shown, moreProblems(at, problems.length - shown.length)] : shown;
}
