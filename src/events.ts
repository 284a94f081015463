import type { Problem } from './problems/problem.ts';

// What long actions tell while they run. One union for every reporter: the terminal, --json and the tests.

export type Event =
  /** Where it happens. Always the first. */
  | TargetEvent
  /** What will change; empty when nothing will. */
  | { readonly type: 'changes'; readonly changes: readonly ChangeSummary[] }
  /** An instruction of a build begins. */
  | {
      readonly type: 'build_step';
      readonly components: readonly string[];
      readonly instruction: string;
      readonly step?: number;
      readonly steps?: number;
      readonly stage?: string;
    }
  /** The step that was told last is taken from a cache. */
  | { readonly type: 'build_cached'; readonly components: readonly string[] }
  /** A line that a build wrote. */
  | { readonly type: 'build_line'; readonly components: readonly string[]; readonly text: string }
  /** How much of an image was sent, in bytes. */
  | { readonly type: 'build_push'; readonly components: readonly string[]; readonly bytes: number }
  /** What was built is in the registry. */
  | {
      readonly type: 'build_image';
      readonly components: readonly string[];
      /** By its digest. */
      readonly image: string;
      /** What built it: buildah, docker, podman, or paas itself. */
      readonly by: string;
      readonly layers: { readonly pushed: number; readonly mounted: number; readonly there: number };
      /** What was sent, in bytes. */
      readonly bytes: number;
      readonly seconds: number;
    }
  /** Which digests the tags of the file stand for now; what could not be asked is deployed by its tag. */
  | {
      readonly type: 'images';
      readonly resolved: Readonly<Record<string, string>>;
      readonly unresolved: readonly UnresolvedImages[];
    }
  /** What is other than in the newest release, by field. `release`: the one that it is taken from. */
  | {
      readonly type: 'differences';
      readonly release?: number;
      readonly differences: readonly DifferenceLine[];
    }
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
      /** How many of before still run, where there are any. */
      readonly old?: number;
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
  /** What a person should know before they say yes. */
  | { readonly type: 'warning'; readonly message: string }
  /** A release failed, and the last good one comes back. */
  | { readonly type: 'rollback'; readonly failed: number; readonly to: number }
  /** What stays, and why. */
  | { readonly type: 'kept'; readonly object: string; readonly reason: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** The end. Always the last. `stopped`: by the problems before it. `planned`: nothing was written. */
  | {
      readonly type: 'end';
      readonly outcome: EndOutcome;
      readonly release?: number;
      /** Of what was rolled back: the release that failed. */
      readonly failed?: number;
      /** Of a rollback: the release whose plan came back. */
      readonly to?: number;
      /** Where what is live is reached from outside. */
      readonly addresses?: readonly string[];
      readonly seconds: number;
    };

export interface UnresolvedImages {
  readonly registry: string;
  readonly reason: string;
  readonly images: readonly string[];
}

export interface TargetEvent {
  readonly type: 'target';
  readonly app: string;
  readonly environment: string;
  readonly cluster: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
}

export interface DifferenceLine {
  /** `deployment/web`. */
  readonly object: string;
  readonly component?: string;
  /** `spec.template.spec.containers[web].image`; empty: all of it. */
  readonly field: string;
  /** `image shop:1.4 → shop:1.5`. */
  readonly words: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** `recreate`: deleted, and made again. */
export type ChangeAction = 'create' | 'update' | 'recreate' | 'scale' | 'delete';

export interface ChangeSummary {
  readonly action: ChangeAction;
  /** `deployment/web`. */
  readonly object: string;
  /** In words: `2 → 3 instances`. */
  readonly detail?: string;
  /** What of it changes, in words: `env DEBUG added: 1`. */
  readonly changed?: readonly string[];
}

/** `rolled_back`: it failed, and the last good release is live again; `rollback_failed`: that failed too. */
export type EndOutcome =
  | 'succeeded'
  | 'unchanged'
  | 'unready'
  | 'failed'
  | 'rolled_back'
  | 'rollback_failed'
  | 'scaled'
  | 'restarted'
  | 'planned'
  | 'deleted'
  | 'absent'
  | 'stopped';
