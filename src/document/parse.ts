import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument as parseYaml,
  Scalar,
  type Document as YamlDocument,
} from 'yaml';
import { yamlDuplicateKey, yamlSyntax, yamlTooDeep } from '../problems/document.ts';
import type { Place, Problem, Source } from '../problems/problem.ts';
import type { Entry, Value } from './value.ts';

/** Aliases can make a small text expand without end ("billion laughs"), and nesting can exhaust the stack. */
const maxValues = 200_000;
const maxDepth = 64;

/** The tree of a text, and what is wrong with it. Never throws, whatever the text is. */
export function parseDocument(source: Source): { root: Value | undefined; problems: Problem[] } {
  if (deepestNesting(source.text) > maxDepth * 4) {
    const at = { source, start: 0, end: 0 };
    return { root: undefined, problems: [yamlTooDeep(at, `${maxDepth} levels`)] };
  }
  const yaml = parseYaml(source.text, { logLevel: 'silent', prettyErrors: false, merge: true });
  const problems = yaml.errors.map((error) => describe(source, error));
  if (problems.length > 0) return { root: undefined, problems };
  const conversion: Conversion = { source, yaml, values: 0, problems };
  const root = yaml.contents ? convert(conversion, yaml.contents as Node, 0) : undefined;
  return problems.length > 0 ? { root: undefined, problems } : { root, problems };
}

interface Conversion {
  readonly source: Source;
  readonly yaml: YamlDocument;
  values: number;
  readonly problems: Problem[];
}

function convert(conversion: Conversion, node: Node | null, depth: number): Value {
  const at = place(conversion.source, node);
  const empty: Value = { kind: 'scalar', value: null, text: '', at };
  if (conversion.problems.length > 0) return empty;
  if (++conversion.values > maxValues || depth > maxDepth) {
    const what = depth > maxDepth ? `${maxDepth} levels` : `${maxValues} values`;
    conversion.problems.push(yamlTooDeep(at, what));
    return empty;
  }
  if (isAlias(node)) return convert(conversion, node.resolve(conversion.yaml) ?? null, depth + 1);
  if (isMap(node)) return { kind: 'map', entries: convertPairs(conversion, node.items, depth), at };
  if (isSeq(node)) {
    return {
      kind: 'list',
      items: node.items.map((item) => convert(conversion, item as Node, depth + 1)),
      at,
    };
  }
  if (isScalar(node)) return scalar(node, at);
  return empty;
}

/** Merge keys (`<<: *base`) come first, so that what is written beside them wins. */
function convertPairs(conversion: Conversion, pairs: readonly Pair[], depth: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const pair of pairs.filter(isMerge)) {
    const merged = convert(conversion, pair.value as Node, depth + 1);
    for (const base of merged.kind === 'list' ? merged.items : [merged]) {
      if (base.kind !== 'map') continue;
      for (const [key, entry] of base.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }
  for (const pair of pairs.filter((candidate) => !isMerge(candidate))) {
    const keyNode = pair.key as Node | null;
    const key = isScalar(keyNode) ? keyText(keyNode) : conversion.source.text.slice(...range(keyNode));
    const value = convert(conversion, pair.value as Node | null, depth + 1);
    const keyPlace = place(conversion.source, keyNode);
    // A key without a value: its place is where the value should stand.
    entries.set(key, { key: keyPlace, value: pair.value ? value : { ...value, at: keyPlace } });
  }
  return entries;
}

function isMerge(pair: Pair): boolean {
  const key = pair.key;
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<';
}

function keyText(key: Scalar): string {
  return key.type === Scalar.PLAIN ? (key.source ?? String(key.value)) : String(key.value);
}

function scalar(node: Scalar, at: Place): Value {
  const known = ['string', 'number', 'boolean'].includes(typeof node.value) || node.value === null;
  const value = known ? (node.value as string | number | boolean | null) : String(node.value);
  const text = node.type === Scalar.PLAIN ? (node.source ?? '') : String(node.value ?? '');
  return { kind: 'scalar', value, text, at };
}

function place(source: Source, node: Node | null): Place {
  const [start, end] = range(node);
  return { source, start, end };
}

function range(node: Node | null): [number, number] {
  return node?.range ? [node.range[0], node.range[1]] : [0, 0];
}

function describe(source: Source, error: { code: string; message: string; pos: [number, number] }): Problem {
  const at = { source, start: error.pos[0], end: error.pos[1] };
  if (error.code === 'DUPLICATE_KEY') {
    const line = source.text.slice(at.start, at.end).split(/[:\n]/, 1)[0] ?? '';
    return yamlDuplicateKey({ ...at, end: at.start + line.length }, line.trim());
  }
  return yamlSyntax(at, error.message);
}

/** How deep brackets nest: read before parsing, because the parser is recursive. */
function deepestNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if ((char === ']' || char === '}') && depth > 0) depth--;
  }
  return deepest;
}
