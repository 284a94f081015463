import type { Problem, Source } from '../problems/problem.ts';
import { applyFixes } from './apply-fixes.ts';

/** What is repaired in one place may uncover the next: so often at most. */
const mostRounds = 50;

/** A text with everything repaired that is certain, and the problems that it took away. */
export function fixText(
  source: Source,
  problemsOf: (source: Source) => readonly Problem[],
): { text: string; fixed: readonly Problem[] } {
  const fixed: Problem[] = [];
  let current = source;
  for (let round = 0; round < mostRounds; round++) {
    const problems = problemsOf(current).filter((problem) => problem.fix);
    const fixes = problems.map((problem) => problem.fix!);
    let { text, made } = applyFixes(current, fixes);
    // Two misspelt keys may have meant the same one: then only the first becomes it.
    const twice = problemsOf({ ...current, text }).some(({ code }) => code === 'duplicate-key');
    if (twice) ({ text, made } = applyFixes(current, fixes.slice(0, 1)));
    if (made.length === 0) break;
    fixed.push(...problems.filter((problem) => made.includes(problem.fix!)));
    current = { ...source, text };
  }
  return { text: current.text, fixed };
}
