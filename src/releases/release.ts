import type { ManualSizes, Unit } from '../plan/manual-size.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../problems/problem.ts';

/** What a deploy did: its plan, and how it ended. The plan never changes; the outcome is said once it is known. */
export interface Release {
  readonly summary: ReleaseSummary;
  readonly plan: Plan;
  /** Why it failed, as it was told then. */
  readonly evidence: readonly Problem[];
}

/** `pending` while it runs, and for ever where the program was killed. */
export type ReleaseOutcome = 'pending' | 'succeeded' | 'failed' | 'interrupted';

export interface ReleaseSummary {
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** Who deployed: user@host, or who started the run of a CI system. */
  readonly by: string;
  /** The version of the program that made it. */
  readonly tool: string;
  readonly outcome: ReleaseOutcome;
  /** The code and words of what it failed of. */
  readonly cause?: { readonly code: string; readonly message: string };
  /** A hash of the plan: two releases with the same one are the same. */
  readonly plan: string;
  /** A hash of all that people wrote for it: where it is the same and the plan is not, the program has changed. */
  readonly source?: string;
  /** The SHA-256 of the platform file that it was made with. */
  readonly platform?: string;
  /** The version of each stored secret that it uses. */
  readonly secrets?: Readonly<Record<string, number>>;
  readonly git?: { readonly revision: string; readonly dirty: boolean; readonly author?: string };
  /** The CI system that deployed, and where its run can be looked at. */
  readonly ci?: { readonly name: string; readonly url?: string };
  /** Images that the command line said in place of the file, by component. */
  readonly images?: Readonly<Record<string, string>>;
  /** Of a rollback: the release that it took back. */
  readonly rollback_of?: number;
  /** Of a rollback: the release whose plan it brought back, */
  readonly rollback_to?: number;
  /** or which part of it. */
  readonly only?: RollbackPart;
  /** Nobody asked for it: the release before it failed. */
  readonly automatic?: true;
  /** How large a unit was for it. */
  readonly unit?: Unit;
  /** The components whose instances have another size than the file says, set by hand. */
  readonly sizes?: ManualSizes;
  /** Whether jobs ran with it that change what no rollback takes back, such as a database. */
  readonly ran_jobs?: true;
}

/** What a rollback brings back where it isn't everything. */
export type RollbackPart = 'image' | 'config';
