import type { Changes } from '../changes/changes.ts';
import type { Consent } from '../changes/consent.ts';
import type { State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import type { Difference } from '../plan/compare-plans.ts';
import type { ClusterInputs } from '../plan/component-context.ts';
import type { Owner } from '../plan/labels.ts';
import type { Plan } from '../plan/plan.ts';
import type { Place } from '../problems/problem.ts';
import type { LockOptions } from '../releases/lock.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import type { PlaceOf } from './failure.ts';
import type { ImageInputs } from './settle-images.ts';

/** A stored secret that must be there. */
export interface NeededSecret {
  readonly name: string;
  readonly at: Place | undefined;
}

/** What a run that changes an app needs to know, whatever it brings the cluster to. */
export interface BringOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  /** Ends well where this is the cluster that is meant. What is there is read meanwhile; nothing else is done before. */
  readonly guarded?: Promise<unknown>;
  /** The kinds of objects that it may have to do with; those that the inventory knows are added. */
  readonly kinds: readonly { readonly apiVersion: string; readonly kind: string }[];
  /** What to bring the cluster to, seeing what is there. Called again once the lock is had. */
  readonly choose: (state: State) => Goal | Promise<Goal>;
  /** Milliseconds to wait for the lock, and again for the app. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  /** What the release notes of its making; asked for only where there is something to do. */
  readonly by: () => Promise<Maker>;
  /** Whether the platform lets a deploy make the namespace. */
  readonly mayCreateNamespace: boolean;
  /** Shows what would change, and ends there. */
  readonly dryRun?: boolean;
  /** Asks the person. Called again where the changes are others once the lock is had. */
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
  readonly placeOf: PlaceOf;
  /** What the person has agreed to beyond an ordinary run. */
  readonly consent?: Consent;
  /** Throws where what was found may no longer be done. Called again once the lock is had. */
  readonly check?: (plan: Plan, changes: Changes, state: State) => void;
  /** What to do where the app fails; by itself as is safest. */
  readonly onFailure?: OnFailure | undefined;
}

/** Who makes a release, with which program, and of what. */
export type Maker = Pick<
  ReleaseSummary,
  'by' | 'tool' | 'git' | 'ci' | 'images' | 'platform' | 'source' | 'unit'
>;

/** `rollback`: the last good release comes back; `keep`: what is there stays, to be looked at. */
export type OnFailure = 'rollback' | 'keep';

/** What a run brings the cluster to. */
export interface Goal {
  readonly plan: Plan;
  /** The version of each stored secret that the plan uses. */
  readonly versions: Readonly<Record<string, number>>;
  /** What its release notes besides. */
  readonly notes?: Partial<
    Pick<
      ReleaseSummary,
      | 'rollback_of'
      | 'rollback_to'
      | 'only'
      | 'automatic'
      | 'git'
      | 'platform'
      | 'source'
      | 'tool'
      | 'unit'
      | 'sizes'
    >
  >;
  /** What is other than in the newest release, where a person is to see it field by field. */
  readonly differences?: readonly Difference[];
  /** What its diff can't show. */
  readonly warnings?: readonly string[];
}

/** What a deploy needs to know. */
export interface DeployOptions extends Omit<BringOptions, 'owner' | 'kinds' | 'choose'> {
  /** The plan, with what only the cluster can tell. */
  readonly planFor: (inputs: ClusterInputs) => Plan;
  readonly images: ImageInputs;
  /** The stored secrets that the plan needs, and where the app's file says so. */
  readonly secrets: readonly NeededSecret[];
}

/** The same, once it is known what it comes to. */
export type RunOptions = Omit<BringOptions, 'by'> & Goal & { readonly by: Maker };
