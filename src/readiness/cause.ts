/**
 * Why something isn't ready.
 * - `hopeless`: waiting longer changes nothing
 * - `budgeted`: may pass; fails after its budget
 * - `waiting`: somebody else's turn, such as the scheduler's; fails only when nothing happens any more
 */
export type CauseClass = 'hopeless' | 'budgeted' | 'waiting';

export interface Cause {
  /** Permanent: scripts know a cause by it. */
  readonly code: string;
  readonly class: CauseClass;
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
  /** The object that shows it, where it is no instance: `persistentvolumeclaim/data-web-0`. */
  readonly object?: string;
  /** The instance that shows it, where one does. */
  readonly pod?: string;
  readonly container?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly probe?: ProbeAnswer;
  /** The key of the component in paas.yaml that it most likely comes from. */
  readonly key?: string;
  /** Whether its last words are those of the container's last run, not of the present one. */
  readonly previous?: boolean;
}

/** What a probe asked and what it got. */
export interface ProbeAnswer {
  readonly which: 'startup' | 'readiness' | 'liveness';
  /** `GET /healthz on port 8080`. */
  readonly asked: string;
  /** `status 503: warming up`, `connection refused`, `no answer within 2 s`. */
  readonly got: string;
}

export interface Readiness {
  readonly state: 'ready' | 'progressing' | 'failed';
  readonly ready: number;
  readonly wanted: number;
  /** How many of before still run, where there are any. */
  readonly old?: number;
  /** The cluster hasn't looked at it since it was changed: its numbers are those of before. */
  readonly unnoticed?: true;
  /** What it waits for, in a few words. */
  readonly message: string;
  readonly cause?: Cause;
  /** What it counts as when nobody says any more of it for a moment. */
  readonly settles?: 'ready' | 'failed';
}

/** A cause, and whether it is a failure by now. */
export interface FoundCause {
  readonly cause: Cause;
  readonly failed: boolean;
}
