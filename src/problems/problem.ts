// A problem is what a person is told when something is wrong that they or their cluster can mend.
// It is plain data: found anywhere, collected, drawn at the edge.

/** A text that a person wrote, and the name it is shown by. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A span of a source: offsets in UTF-16 units, the end exclusive. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * What a problem means for the run. Each maps to one exit code (`cli/exit-codes.ts`).
 * - `usage`: the file, a flag or the usage is wrong
 * - `refused`: stopped before anything was touched
 * - `failed`: the app failed, the cause is known
 * - `undecided`: time ran out
 * - `locked`: someone else is deploying
 * - `cluster`: the cluster's API, or our own fault
 * - `declined`: the person said no, or interrupted
 */
export type ProblemKind = 'usage' | 'refused' | 'failed' | 'undecided' | 'locked' | 'cluster' | 'declined';

export interface Problem {
  /** Permanent: scripts and `paas explain` know a problem by it. */
  readonly code: string;
  readonly kind: ProblemKind;
  /** One sentence: what happened. */
  readonly message: string;
  readonly at?: Place;
  /** A second place that belongs to it. */
  readonly related?: readonly { readonly message: string; readonly at: Place }[];
  /** Lines of evidence, such as a program's last words. */
  readonly details?: readonly string[];
  /** The most likely way to mend it. */
  readonly hint?: string;
  /** Of what failed in the cluster: the facts behind the sentence. */
  readonly failure?: Failure;
  /** The same as an edit of the text, only where it is certain: `paas validate --fix` makes it. */
  readonly fix?: Fix;
}

/** Why a component failed, as scripts read it; keys as in JSON. */
export interface Failure {
  readonly component: string;
  readonly class: 'hopeless' | 'budgeted' | 'waiting';
  /** What shows it: `pod/web-7d4b9-x2x`. */
  readonly object?: string;
  readonly container?: string;
  readonly exit_code?: number;
  readonly signal?: number;
  readonly probe?: { readonly which: string; readonly asked: string; readonly got: string };
  /** The change of this release that most likely did it; `at` of the problem is its line then. */
  readonly change?: string;
  /** Other components that wait for this one. */
  readonly waited_for_by?: readonly string[];
  /** The command that shows more. */
  readonly next?: string;
}

/** A text instead of what stands at a place. */
export interface Fix {
  readonly at: Place;
  readonly text: string;
}

/** Carries problems up to the edge, where they are reported. Anything else that is thrown is our own fault. */
export class PaasError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.message}`).join('\n'));
    this.name = 'PaasError';
    this.problems = problems;
  }
}

/** Ends a run with these problems. */
export function fail(...problems: readonly Problem[]): never {
  throw new PaasError(problems);
}
