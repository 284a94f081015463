import type { Layer } from './feature.ts';

// A runtime is a folder: how a source of it is known and what it needs to run is said by its runtime.yaml. Files beside
// it, such as recipes of images, belong to others. `load-runtimes.ts` reads it, `detect/` looks at sources with it.

export interface Runtime extends Sayings {
  /** The folder's name. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly layer: Layer;
  /** Where it lies, as it is shown. */
  readonly folder: string;
  /** Any of these makes a folder one of this runtime. */
  readonly detect: readonly Condition[];
  /** Any of these makes a folder one of several apps (workspaces): it is then none itself. */
  readonly workspace: readonly Condition[];
  /** Where several runtimes know a folder, the strongest goes first; a framework has a strength of its own. */
  readonly strength: number;
  readonly tool: readonly Answer[];
  readonly version: readonly Answer[];
  readonly dependencies: readonly DependencySource[];
  readonly services: readonly ServiceClue[];
  /** Values with names, for the templates of others: `${main}`. */
  readonly names: Readonly<Record<string, readonly Answer[]>>;
  /** The first whose conditions hold is it. */
  readonly frameworks: readonly Framework[];
}

export interface Framework extends Sayings {
  readonly name: string;
  readonly title: string;
  readonly strength: number;
  readonly when: readonly Condition[];
  /** The variables that it reads a service's address from, by the service's type. */
  readonly variables: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a runtime says of its sources, and a framework again: where a framework says a key, its word stands alone.
 * Of the answers of a key the first that applies is taken.
 */
export interface Sayings {
  readonly port?: readonly Answer[];
  readonly command?: readonly Answer[];
  readonly build?: readonly Answer[];
  readonly output?: readonly Answer[];
  readonly health?: readonly Answer[];
  readonly release?: readonly Answer[];
  /** Any of these: it writes into its own folder. */
  readonly writable?: readonly Answer[];
  /** Each that applies: a variable without which it doesn't start. */
  readonly needs?: readonly Need[];
  /** Each that applies: what a person should know. */
  readonly advice?: readonly Answer[];
}

export interface Need {
  readonly variable: string;
  readonly why: string;
  readonly when: readonly Condition[];
}

/** A value: said (`use`, where all of `when` hold), or read from the source by a clue. */
export interface Answer {
  /** A text may have `${…}`: a name, a group of the clue's pattern (`${1}`), `${tool}`. */
  readonly use: string | readonly string[] | undefined;
  readonly when: readonly Condition[];
  readonly clue: Clue | undefined;
}

/** Where something is looked for in a source. Found, it has a value. */
export interface Clue {
  readonly kind: 'file' | 'text' | 'json' | 'toml' | 'yaml' | 'dependency' | 'build_dependency';
  /** Files by globs; of dependencies their names, in which `*` stands for anything. */
  readonly names: readonly string[];
  /** In data: the keys on the way to the value; `*` is the first one there. */
  readonly path: readonly string[];
  /** What the text, or the value, must look like; the first group that took part is the value. */
  readonly match: RegExp | undefined;
  /** What is taken out of a text before it is looked at: comments. */
  readonly without: RegExp | undefined;
}

export type Condition =
  | { readonly clue: Clue }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** Where the dependencies stand: a map of names to versions, a list of texts, or lines of a text. */
export interface DependencySource {
  readonly clue: Clue;
  /** Only needed to build or to test. */
  readonly dev: boolean;
}

export interface ServiceClue {
  /** A type of the language: postgresql, redis … */
  readonly type: string;
  /** Any of these. */
  readonly when: readonly Condition[];
  /** The variables that are usual for its address. */
  readonly variables: readonly string[];
}
