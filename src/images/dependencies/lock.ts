import type { Place } from '../../problems/problem.ts';

/** The files of a source that tell about its dependencies, by name: what isn't there is undefined. */
export type ReadText = (file: string) => Promise<string | undefined>;

/** A dependency that the lock file doesn't have as the manifest says it. */
export interface OutOfStep {
  readonly name: string;
  /** What the manifest asks for; undefined where only its name can be told. */
  readonly asked: string | undefined;
  /** What the lock file was made for; undefined where it isn't in it. */
  readonly locked: string | undefined;
}

/** What a comparison of a manifest with its lock file came to. */
export type LockState =
  /** There is nothing to compare, or all is well. */
  | { readonly state: 'in-step' }
  /** Dependencies, and no file that holds their versions. */
  | { readonly state: 'missing'; readonly manifest: string; readonly lock: string; readonly command: string }
  | {
      readonly state: 'out-of-step';
      readonly manifest: string;
      readonly lock: string;
      readonly differences: readonly OutOfStep[];
      readonly command: string;
      readonly at?: Place;
    };

export const inStep: LockState = { state: 'in-step' };
