import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import type { LockOptions } from '../releases/lock.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import type { PlaceOf } from './failure.ts';

/** What a deploy needs to know. */
export interface DeployOptions {
  readonly cluster: Cluster;
  readonly plan: Plan;
  /** Milliseconds to wait for the lock, and again for the app. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  /** What the release notes of its making. */
  readonly by: Pick<ReleaseSummary, 'by' | 'tool' | 'git' | 'platform'>;
  /** Whether the platform lets a deploy make the namespace. */
  readonly mayCreateNamespace: boolean;
  /** Asks the person. Called again where the changes are others once the lock is had. */
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
  readonly placeOf: PlaceOf;
}
