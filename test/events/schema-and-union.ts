import type { Event } from '../../src/events.ts';
import type { eventSchemas } from '../../src/terminal/event-schema.ts';
import type { JsonEvent } from '../../src/terminal/json.ts';

// Held by the type check (`npm run check`): the schema of the events and their types say the same, field by field.

/** What a schema lets through. */
type Of<S> = S extends { readonly const: infer X }
  ? X
  : S extends { readonly enum: readonly (infer X)[] }
    ? X
    : S extends { readonly type: 'string' }
      ? string
      : S extends { readonly type: 'integer' | 'number' }
        ? number
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly Of<I>[]
          : S extends { readonly additionalProperties: infer V }
            ? { readonly [key: string]: Of<V> }
            : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
              ? Plain<
                  { readonly [K in keyof P as K extends R ? K : never]: Of<P[K]> } & {
                    readonly [K in keyof P as K extends R ? never : K]?: Of<P[K]>;
                  }
                >
              : unknown;

/** The same type written out, so that two of them can be compared. */
type Plain<T> = T extends readonly (infer I)[]
  ? readonly Plain<I>[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> }
    : T;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Union = { [K in Event['type']]: Plain<Omit<Extract<JsonEvent, { type: K }>, 'type'>> };
type Schema = { [K in keyof typeof eventSchemas]: Plain<Of<(typeof eventSchemas)[K]>> };

/** An event that isn't the same in both is an error here, by its name. */
export const same: {
  [K in keyof Union | keyof Schema]: K extends keyof Union & keyof Schema ? Same<Union[K], Schema[K]> : false;
} = {
  target: true,
  changes: true,
  build_step: true,
  build_cached: true,
  build_line: true,
  build_push: true,
  build_image: true,
  images: true,
  differences: true,
  lock_wait: true,
  lock_taken_over: true,
  ending: true,
  phase: true,
  done: true,
  progress: true,
  cluster_silent: true,
  cluster_back: true,
  warning: true,
  rollback: true,
  kept: true,
  problem: true,
  end: true,
};
