import { type Entry, keyPlaceAt, type MapValue, type Path, type Value, valueAt } from '../document/value.ts';
import { describePath } from '../model/paths.ts';
import { property, resolve, type SchemaNode } from '../model/schema.ts';
import type { RenderedObject } from '../plan/rendered-object.ts';
import type { Place } from '../problems/problem.ts';
import { otherValues } from './other-values.ts';
import type { Candidate } from './trace.ts';

/** Renders the app as another document describes it; undefined where that is not valid. */
export type RenderDocument = (document: MapValue) => readonly RenderedObject[] | undefined;

/** Everything in a document that a rendered value may come from: each scalar that stands there. */
export function saidCandidates(document: MapValue, schema: SchemaNode, render: RenderDocument): Candidate[] {
  const candidates: Candidate[] = [];
  const visit = (value: Value, node: SchemaNode, path: Path): void => {
    const of = resolve(node, schema);
    if (value.kind === 'scalar') {
      if (value.value === null) return;
      const tries = otherValues(value.text, of).map((text) => () => render(withScalar(document, path, text)));
      candidates.push({
        origin: { kind: 'said', key: describePath(path), at: value.at, text: value.text },
        tries,
      });
    } else if (value.kind === 'list') {
      for (const [index, item] of value.items.entries()) visit(item, of.items ?? {}, [...path, index]);
    } else {
      for (const [key, entry] of value.entries) {
        const below = property(of, key, schema);
        if (!below) continue;
        if (isNamed(of, key)) candidates.push(nameCandidate(document, [...path, key], entry.key, render));
        visit(entry.value, below, [...path, key]);
      }
    }
  };
  visit(document, schema, []);
  return candidates;
}

/** A key that a person chose: the name of a component, of a variable, the path of a file. */
function isNamed({ properties, additionalProperties }: SchemaNode, key: string): boolean {
  return typeof additionalProperties === 'object' && !Object.hasOwn(properties ?? {}, key);
}

function nameCandidate(document: MapValue, path: Path, at: Place, render: RenderDocument): Candidate {
  const name = String(path.at(-1));
  const rename = (other: string) => () => {
    const renamed = renameEverywhere(document, path, other);
    const objects = render(renamed);
    // It is the same component, whatever it is called.
    if (path[0] !== 'components' || path.length !== 2) return objects;
    return objects?.map((one) => (one.component === other ? { ...one, component: name } : one));
  };
  return {
    origin: { kind: 'said', key: describePath(path), at, text: name },
    tries: [`${name}x`, `${name}X`].map(rename),
  };
}

/** A component that is called otherwise is used under its other name. */
function renameEverywhere(document: MapValue, path: Path, name: string): MapValue {
  const before = String(path.at(-1));
  const renamed = withKey(document, path, name);
  if (path[0] !== 'components' || path.length !== 2) return renamed;
  const components = valueAt(renamed, ['components']);
  if (components?.kind !== 'map') return renamed;
  return [...components.entries.keys()].reduce((at, user) => {
    const use = ['components', user, 'uses', before];
    return valueAt(at, use) ? withKey(at, use, name) : at;
  }, renamed);
}

/** What holds for a component because the file doesn't say it. */
export function defaultCandidates(
  document: MapValue,
  component: string,
  schema: SchemaNode,
  render: RenderDocument,
): Candidate[] {
  const path = ['components', component];
  const start = valueAt(document, path);
  const node = property(property(schema, 'components', schema) ?? {}, component, schema);
  if (start?.kind !== 'map' || !node) return [];
  const candidates: Candidate[] = [];
  const excluded = (of: SchemaNode, map: Value | undefined, key: string): boolean =>
    (of['x-exclusive'] ?? []).some(
      (group) => group.includes(key) && map?.kind === 'map' && group.some((other) => map.entries.has(other)),
    );
  const visit = (of: SchemaNode, at: readonly string[], depth: number): void => {
    const map = valueAt(document, at);
    for (const key of Object.keys(of.properties ?? {})) {
      const below = property(of, key, schema)!;
      const there = valueAt(document, [...at, key]);
      if (there === undefined && excluded(of, map, key)) continue;
      const hasParts = below.properties && (there?.kind === 'map' || isEmptyMap(below.default));
      if (hasParts && depth < 3) visit(below, [...at, key], depth + 1);
      else if (there?.kind === 'list' && below.items && depth < 3) {
        const item = resolve(below.items, schema);
        for (const [index, { kind }] of there.items.entries()) {
          if (kind === 'map') visit(item, [...at, key, String(index)], depth + 1);
        }
      } else if (there === undefined && Array.isArray(below.default)) {
        candidates.push(listDefault([...at, key], below.default.map(String), below));
      } else if (there === undefined && below.default !== undefined && typeof below.default !== 'object') {
        const text = String(below.default);
        candidates.push({
          origin: { kind: 'default', key: describePath([...at, key]), text },
          tries: otherValues(text, below).map(
            (other) => () => render(withScalar(document, [...at, key], other)),
          ),
        });
      }
    }
  };
  /** Another list of what may stand in it. */
  const listDefault = (at: readonly string[], said: readonly string[], of: SchemaNode): Candidate => {
    const others = (resolve(of.items ?? {}, schema).enum ?? [])
      .map(String)
      .filter((one) => !said.includes(one));
    const place = keyPlaceAt(document, at);
    const list = (text: string): Value => ({ kind: 'list', items: [scalar(text, place)], at: place });
    return {
      origin: { kind: 'default', key: describePath(at), text: said.join(', ') },
      tries: others.map((other) => () => render(put(document, at, list(other), place) as MapValue)),
    };
  };
  visit(node, path, 0);
  return candidates;
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A document with another scalar at a path; maps on the way are made where they are missing. */
export function withScalar(document: MapValue, path: Path, text: string): MapValue {
  const at = keyPlaceAt(document, path);
  return put(document, path, scalar(text, at), at) as MapValue;
}

const scalar = (text: string, at: Place): Value => ({ kind: 'scalar', value: asScalar(text), text, at });

function put(value: Value | undefined, [step, ...rest]: Path, leaf: Value, at: Place): Value {
  if (step === undefined) return leaf;
  if (value?.kind === 'list') {
    const items = value.items.map((item, index) =>
      index === Number(step) ? put(item, rest, leaf, at) : item,
    );
    return { ...value, items };
  }
  const entries = new Map<string, Entry>(value?.kind === 'map' ? value.entries : []);
  const before = entries.get(String(step));
  entries.set(String(step), { key: before?.key ?? at, value: put(before?.value, rest, leaf, at) });
  return { kind: 'map', entries, at: value?.at ?? at };
}

/** A document in which a key is called otherwise. */
function withKey(document: MapValue, path: Path, name: string): MapValue {
  const parent = valueAt(document, path.slice(0, -1));
  if (parent?.kind !== 'map') return document;
  const before = String(path.at(-1));
  const entries = new Map([...parent.entries].map(([key, entry]) => [key === before ? name : key, entry]));
  return put(document, path.slice(0, -1), { ...parent, entries }, parent.at) as MapValue;
}

/** As YAML would read it. */
function asScalar(text: string): string | number | boolean {
  if (/^-?\d+$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
