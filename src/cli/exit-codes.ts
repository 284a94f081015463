import type { EndOutcome } from '../events.ts';
import type { ProblemKind } from '../problems/problem.ts';

/** What a script can rely on. README, "Exit codes". */
export const exitCodes = {
  done: 0,
  error: 1,
  changesPending: 2,
  failed: 3,
  undecided: 4,
  rolledBack: 5,
  locked: 6,
  usage: 7,
  refused: 8,
  rollbackFailed: 9,
  interrupted: 130,
  terminated: 143,
} as const;

const codeOfKind: Record<ProblemKind, number> = {
  usage: exitCodes.usage,
  refused: exitCodes.refused,
  failed: exitCodes.failed,
  undecided: exitCodes.undecided,
  locked: exitCodes.locked,
  cluster: exitCodes.error,
  declined: exitCodes.interrupted,
};

/** The exit code of a run that ended with these problems: that of the first. */
export function exitCodeOf(problems: readonly { readonly kind: ProblemKind }[]): number {
  return problems[0] ? codeOfKind[problems[0].kind] : exitCodes.done;
}

/** The exit code of how a run ended, where that says more than its first problem. */
export function exitCodeOfEnd(outcome: EndOutcome): number | undefined {
  if (outcome === 'rolled_back') return exitCodes.rolledBack;
  return outcome === 'rollback_failed' ? exitCodes.rollbackFailed : undefined;
}
