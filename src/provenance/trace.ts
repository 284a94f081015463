import type { RenderedObject } from '../plan/rendered-object.ts';
import type { Place } from '../problems/problem.ts';
import { type Leaves, leavesOf, sameLeaf } from './leaves.ts';

// Where a rendered value comes from is found by trying: a value of the file is changed, the app is rendered again, and
// what differs depends on it. It asks nothing of templates, sees through every derivation, and can't tell a wrong line.

/** Something that a rendered value may come from. */
export interface Origin {
  /**
   * - `said`: a value, or a name, in paas.yaml or platform.yaml
   * - `default`: what holds because a key is not said
   * - `input`: what only a cluster or a file beside paas.yaml can tell
   */
  readonly kind: 'said' | 'default' | 'input';
  /** The key, as people write it: `components.web.image`. */
  readonly key: string;
  readonly at?: Place;
  /** The value as it is written. */
  readonly text: string;
}

/** An origin, and the app as it would be with other values there; the first that can be rendered counts. */
export interface Candidate {
  readonly origin: Origin;
  readonly tries: readonly (() => readonly RenderedObject[] | undefined)[];
}

/** The origins of each leaf of an object, the most telling first. */
export type Trace = ReadonlyMap<string, readonly Origin[]>;

/** What an object's leaves come from. */
export function trace(object: RenderedObject, candidates: readonly Candidate[]): Trace {
  const base = leavesOf(object.manifest);
  const found = new Map<string, { origin: Origin; reach: number }[]>();
  for (const { origin, tries } of candidates) {
    // Another value may make no difference where a third one does.
    for (const attempt of tries) {
      const other = attempt();
      if (!other) continue;
      const changed = differences(base, leavesOf(twin(object, other)?.manifest));
      for (const leaf of changed) {
        found.set(leaf, [...(found.get(leaf) ?? []), { origin, reach: changed.length }]);
      }
      if (changed.length > 0) break;
    }
  }
  return new Map(
    [...found].map(([leaf, origins]) => [
      leaf,
      origins
        .map((one) => ({ ...one, rank: rank(one.origin, base.get(leaf)) }))
        .sort((a, b) => a.rank - b.rank || a.reach - b.reach)
        .map(({ origin }) => origin),
    ]),
  );
}

/** What shows the very value comes first; of those, and of the rest, what is said before what isn't. */
function rank({ kind, text }: Origin, value: unknown): number {
  const shows = text !== '' && String(value).includes(text);
  return (shows ? 0 : 3) + ['said', 'input', 'default'].indexOf(kind);
}

function differences(base: Leaves, other: Leaves): string[] {
  return [...base].filter(([leaf, value]) => !sameLeaf(other.get(leaf), value)).map(([leaf]) => leaf);
}

/** The same object in another rendering: made by the same template for the same component. */
export function twin(object: RenderedObject, others: readonly RenderedObject[]): RenderedObject | undefined {
  const isTwin = (one: RenderedObject): boolean =>
    one.component === object.component &&
    one.contributions[0]?.template.file === object.contributions[0]?.template.file &&
    one.ordinal === object.ordinal;
  return others.find(isTwin);
}
