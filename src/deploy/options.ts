import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import type { ClusterInputs } from '../plan/component-context.ts';
import type { Plan } from '../plan/plan.ts';
import type { Place } from '../problems/problem.ts';
import type { LockOptions } from '../releases/lock.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import type { PlaceOf } from './failure.ts';

/** A stored secret that must be there. */
export interface NeededSecret {
  readonly name: string;
  readonly at: Place | undefined;
}

/** What a deploy needs to know. */
export interface DeployOptions {
  readonly cluster: Cluster;
  /** The plan, with what only the cluster can tell. */
  readonly planFor: (inputs: ClusterInputs) => Plan;
  /** The stored secrets that the plan needs, and where the app's file says so. */
  readonly secrets: readonly NeededSecret[];
  /** Milliseconds to wait for the lock, and again for the app. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  /** What the release notes of its making. */
  readonly by: Pick<ReleaseSummary, 'by' | 'tool' | 'git' | 'ci' | 'images' | 'platform' | 'source'>;
  /** Whether the platform lets a deploy make the namespace. */
  readonly mayCreateNamespace: boolean;
  /** Shows what would change, and ends there. */
  readonly dryRun?: boolean;
  /** Asks the person. Called again where the changes are others once the lock is had. */
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
  readonly placeOf: PlaceOf;
}

/** The same, once the plan is known. */
export type RunOptions = Omit<DeployOptions, 'planFor'> & { readonly plan: Plan };
