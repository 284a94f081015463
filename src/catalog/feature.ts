import type { Value } from '../document/value.ts';

/** An ability of the language: what it adds to a plan, and what it changes in objects of others. A folder. */
export interface Feature {
  readonly name: string;
  readonly description: string;
  readonly layer: Layer;
  /** Where it lies. */
  readonly folder: string;
  /** The keys of a component that it gives a meaning to. */
  readonly keys: readonly string[];
  /** Features whose objects and patches come before its own. */
  readonly after: readonly string[];
  /** Whether its templates are rendered once for each component, or once for the app. */
  readonly for: 'component' | 'app';
  /** Names that its templates know beside the context, each worked out by a template. */
  readonly let: readonly { readonly name: string; readonly template: unknown }[];
  /** An expression of the template language: where it is false, the feature adds nothing. */
  readonly when: string | undefined;
  /** The phase that its objects are applied in, where their kind doesn't say it. */
  readonly phase: string | undefined;
  /** Templates of the objects that it adds, in the order of their file names. */
  readonly objects: readonly Template[];
  /** What it changes in the objects of a component, by the part that it changes. */
  readonly patches: readonly Patch[];
  /** What it adds to the language: JSON Schema of keys of a component, by key. */
  readonly schema: Value | undefined;
}

/** Whose a feature is. A later layer's word counts more. */
export type Layer = 'built-in' | 'platform' | 'app';

/** A template, and the text that it was read from: every value of it has its place. */
export interface Template {
  readonly file: string;
  readonly root: Value;
  readonly template: unknown;
}

/** The part of a component that a patch changes: its workload, the template of its pods, its container, its Service. */
export const roles = ['workload', 'pod', 'container', 'service'] as const;
export type Role = (typeof roles)[number];

export interface Patch extends Template {
  readonly role: Role;
}
