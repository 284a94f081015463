import {
  type Alias,
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
import { unknownAlias, yamlDuplicateKey, yamlSyntax, yamlTooDeep } from '../problems/document.ts';
import { mostProblems } from '../problems/limit.ts';
import { nearest } from '../problems/nearest.ts';
import type { Place, Problem, Source } from '../problems/problem.ts';
import { type Aliases, resolveAliases } from './anchors.ts';
import { describeSyntax } from './syntax.ts';
import type { Entry, Value } from './value.ts';

/** Aliases can make a small text expand without end ("billion laughs"), and nesting can exhaust the stack. */
const maxValues = 40_000;
const maxDepth = 64;
/** What stands deeper than this would take the parser itself very long: it is recursive, and so is its indentation. */
const maxIndent = 1_000;

/** The tree of a text, and what is wrong with it. Never throws, whatever the text is. */
export function parseDocument(source: Source): { root: Value | undefined; problems: Problem[] } {
  const deep = tooDeepAt(source.text);
  if (deep !== undefined) {
    const at = { source, start: deep, end: deep };
    return { root: undefined, problems: [yamlTooDeep(at, `${maxDepth} levels`)] };
  }
  const yaml = readYaml(source);
  if (!yaml) {
    const at = { source, start: 0, end: 0 };
    return { root: undefined, problems: [yamlSyntax(at, "This can't be read as YAML.")] };
  }
  const problems = describeSyntax(source, [...yaml.errors, ...yaml.warnings]);
  if (problems.length > 0 || !yaml.contents) return { root: undefined, problems };
  const aliases = resolveAliases(yaml.contents as Node);
  const conversion: Conversion = {
    source,
    aliases,
    values: 0,
    problems,
    reported: new Set(),
    stopped: false,
  };
  const root = convert(conversion, yaml.contents as Node, 0);
  return problems.length > 0 ? { root: undefined, problems } : { root, problems };
}

/** Keys that stand twice are found here: the library compares each key with all before it. */
function readYaml(source: Source): YamlDocument | undefined {
  // The library makes an Error for each objection; the stacks of a hundred thousand of them would take seconds.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseYaml(source.text, {
      logLevel: 'error',
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
    });
  } catch {
    // A fault of the library, or its stack exhausted: the text is the reason all the same.
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

interface Conversion {
  readonly source: Source;
  readonly aliases: Aliases;
  values: number;
  readonly problems: Problem[];
  /** What has its problem already: what an anchor holds is converted once for each alias. */
  readonly reported: Set<Node>;
  stopped: boolean;
}

function convert(conversion: Conversion, node: Node | null, depth: number): Value {
  const at = place(conversion.source, node);
  const empty: Value = { kind: 'scalar', value: null, text: '', at };
  if (conversion.stopped) return empty;
  if (++conversion.values > maxValues || depth > maxDepth) {
    const what = depth > maxDepth ? `${maxDepth} levels` : `${maxValues} values`;
    conversion.problems.push(yamlTooDeep(at, what));
    conversion.stopped = true;
    return empty;
  }
  if (isAlias(node)) return convertAlias(conversion, node, depth, empty);
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

function convertAlias(conversion: Conversion, node: Alias, depth: number, empty: Value): Value {
  const target = conversion.aliases.targets.get(node);
  if (target) return convert(conversion, target, depth + 1);
  if (!conversion.reported.has(node)) {
    conversion.reported.add(node);
    if (conversion.problems.length >= mostProblems) conversion.stopped = true;
    conversion.problems.push(
      unknownAlias(empty.at, node.source, nearest(node.source, conversion.aliases.anchors)),
    );
  }
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
  const written = new Map<string, Place>();
  for (const pair of pairs) {
    if (conversion.stopped) break;
    if (isMerge(pair)) continue;
    const keyNode = pair.key as Node | null;
    const key = isScalar(keyNode) ? keyText(keyNode) : conversion.source.text.slice(...range(keyNode));
    const keyPlace = place(conversion.source, keyNode);
    const before = written.get(key);
    if (before && keyNode && !conversion.reported.has(keyNode)) {
      conversion.reported.add(keyNode);
      conversion.problems.push(yamlDuplicateKey(keyPlace, key, before));
      if (conversion.problems.length >= mostProblems) conversion.stopped = true;
    }
    written.set(key, keyPlace);
    const value = convert(conversion, pair.value as Node | null, depth + 1);
    // A key without a value: its place is where the value should stand.
    const empty = !pair.value || (value.kind === 'scalar' && value.at.start === value.at.end);
    entries.set(key, { key: keyPlace, value: empty ? { ...value, at: keyPlace } : value });
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

/** Where brackets or indentation nest too deep: looked for before parsing, because the parser is recursive. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if ((char === '[' || char === '{') && ++depth > maxDepth * 4) return at;
    if ((char === ']' || char === '}') && depth > 0) depth--;
  }
  const indented = new RegExp(`^[ ?:-]{${maxIndent}}`, 'm').exec(text);
  return indented ? indented.index : undefined;
}
