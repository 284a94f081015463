import type { Problem } from './problems/problem.ts';

// What long actions tell while they run. One union for every reporter: the terminal, --json and the tests.

export type Event =
  /** Where it happens. Always the first. */
  | TargetEvent
  /** What will change; empty when nothing will. */
  | { readonly type: 'changes'; readonly changes: readonly ChangeSummary[] }
  /** Somebody else is at work. */
  | { readonly type: 'lock_wait'; readonly holder: string; readonly since: string }
  | { readonly type: 'lock_taken_over'; readonly holder: string }
  /** What somebody deleted and is not gone yet: it is waited for. */
  | { readonly type: 'ending'; readonly objects: readonly string[] }
  | { readonly type: 'phase'; readonly phase: string; readonly count: number }
  | { readonly type: 'done'; readonly action: ChangeAction | 'restart'; readonly object: string }
  /** How far a component is. Sent when it changes. */
  | {
      readonly type: 'progress';
      readonly component: string;
      readonly state: 'ready' | 'progressing' | 'failed';
      readonly ready: number;
      readonly wanted: number;
      readonly message: string;
      /** Why it isn't ready, where that is known. */
      readonly cause?: {
        readonly code: string;
        readonly class: 'hopeless' | 'budgeted' | 'waiting';
        readonly message: string;
      };
    }
  /** The cluster's API doesn't answer while it is waited for the app: that time isn't counted against the app. */
  | { readonly type: 'cluster_silent' }
  | { readonly type: 'cluster_back'; readonly seconds: number }
  /** What stays, and why. */
  | { readonly type: 'kept'; readonly object: string; readonly reason: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** The end. Always the last. `stopped`: by the problems before it. `planned`: nothing was written. */
  | {
      readonly type: 'end';
      readonly outcome:
        | 'succeeded'
        | 'unchanged'
        | 'unready'
        | 'failed'
        | 'restarted'
        | 'planned'
        | 'deleted'
        | 'absent'
        | 'stopped';
      readonly release?: number;
      readonly seconds: number;
    };

export interface TargetEvent {
  readonly type: 'target';
  readonly app: string;
  readonly environment: string;
  readonly cluster: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
}

export type ChangeAction = 'create' | 'update' | 'scale' | 'delete';

export interface ChangeSummary {
  readonly action: ChangeAction;
  /** `deployment/web`. */
  readonly object: string;
  /** In words: `2 → 3 instances`. */
  readonly detail?: string;
}
