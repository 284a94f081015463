import type { Problem } from '../../problems/problem.ts';

/** What one check came to. */
export interface Check {
  /** What was looked at: rights, kinds, quota … Permanent. */
  readonly check: string;
  readonly state: 'ok' | 'problem' | 'not_checked';
  /** In words; of a check that was not made: why. */
  readonly message: string;
  readonly problems?: readonly Problem[];
}

export const ok = (check: string, message: string): Check => ({ check, state: 'ok', message });
export const notChecked = (check: string, message: string): Check => ({
  check,
  state: 'not_checked',
  message,
});

/** A problem where there is one, else well. */
export function outcome(check: string, problems: readonly Problem[], message: string): Check {
  if (problems.length === 0) return ok(check, message);
  return { check, state: 'problem', message: problems[0]!.message, problems };
}
