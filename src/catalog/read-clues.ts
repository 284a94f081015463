import type { Value } from '../document/value.ts';
import { badRuntime } from '../problems/catalog.ts';
import { fail } from '../problems/problem.ts';
import { read, readEach, readMap, readPattern, readText, readTexts, readTruth } from './read-shape.ts';
import type { Answer, Clue, Condition, DependencySource } from './runtime.ts';

// How a runtime.yaml says where to look, and what follows from what is there.

const clueKinds = ['file', 'text', 'json', 'toml', 'yaml', 'dependency', 'build_dependency'] as const;
const clueKeys = [...clueKinds, 'path', 'match', 'without'] as const;

/** Conditions that must hold; one alone needs no list. */
export function readConditions(value: Value | undefined): Condition[] {
  return readEach(value, readCondition);
}

function readCondition(value: Value): Condition {
  const get = readMap(value, [...clueKeys, 'all', 'any', 'not']);
  const [all, any, not] = [get('all'), get('any'), get('not')];
  if (all) return { all: readConditions(all) };
  if (any) return { any: readConditions(any) };
  if (not) return { not: readCondition(not) };
  return { clue: readClue(value, get) };
}

/**
 * The answers of a key: a value alone, a list of texts (a command's words), or a list of maps, of which each is a clue
 * or says what to use.
 */
export function readAnswers(value: Value | undefined): Answer[] {
  if (!value) return [];
  const words =
    value.kind === 'list' && value.items.length > 0 && value.items.every(({ kind }) => kind === 'scalar');
  return words ? [said(readTexts(value))] : readEach(value, readAnswer);
}

function readAnswer(value: Value): Answer {
  if (value.kind === 'scalar') return said(readText(value));
  const get = readMap(value, [...clueKeys, 'use', 'when']);
  const use = get('use');
  const clue = clueKinds.some((kind) => get(kind)) ? readClue(value, get) : undefined;
  if (!use && !clue) fail(badRuntime(startOf(value), 'This says neither what to use nor where to look.'));
  return {
    use: use && (use.kind === 'list' ? readTexts(use) : readText(use)),
    when: readConditions(get('when')),
    clue,
  };
}

function said(use: string | readonly string[]): Answer {
  return { use, when: [], clue: undefined };
}

export function readDependencySource(value: Value): DependencySource {
  const get = readMap(value, [...clueKeys, 'dev']);
  const clue = readClue(value, get);
  if (clue.kind === 'text' && !clue.match?.source.includes('(?<name>')) {
    fail(badRuntime(startOf(value), 'Dependencies of a text need match, with a group (?<name>…).'));
  }
  return { clue, dev: read(get('dev'), readTruth) ?? false };
}

function readClue(value: Value, get: (key: string) => Value | undefined): Clue {
  const kinds = clueKinds.filter((kind) => get(kind));
  const [kind] = kinds;
  if (!kind || kinds.length > 1) {
    return fail(badRuntime(startOf(value), `This needs one of ${clueKinds.join(', ')}.`));
  }
  const path = get('path');
  const data = kind === 'json' || kind === 'toml' || kind === 'yaml';
  if (path && !data) fail(badRuntime(path.at, 'Only json, toml and yaml have a path.'));
  return {
    kind,
    names: readTexts(get(kind)!),
    path: path ? (path.kind === 'list' ? readTexts(path) : readText(path).split('.')) : [],
    match: read(get('match'), readPattern),
    without: read(get('without'), readPattern),
  };
}

function startOf(value: Value): Value['at'] {
  return { ...value.at, end: value.at.start };
}
