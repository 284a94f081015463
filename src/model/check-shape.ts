import type { ErrorObject, ValidateFunction } from 'ajv';
import { flow } from '../document/flow.ts';
import {
  keyPlaceAt,
  type MapValue,
  type Path,
  placeAt,
  prune,
  toPlain,
  type Value,
  valueAt,
} from '../document/value.ts';
import { mostProblems } from '../problems/limit.ts';
import {
  badName,
  emptyHere,
  missingKey,
  moreProblems,
  unknownKey,
  wrongType,
  wrongValue,
} from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import { describePath } from './paths.ts';
import { nameRemedy, unknownKeyRemedy, wrongTypeRemedy, wrongValueRemedy } from './remedies.ts';
import { nodeAt, resolve, type SchemaNode } from './schema.ts';

/** A language: its schema, and the schema's compiled form. */
export interface Language {
  readonly schema: SchemaNode;
  readonly validate: ValidateFunction;
}

/** What of a document the schema doesn't allow, and the document without it. */
export interface Shape {
  readonly sound: MapValue;
  readonly problems: readonly Problem[];
}

/** `partial`: keys may be missing, because an overlay may bring them. */
export function checkShape(root: MapValue, language: Language, partial: boolean): Shape {
  const { validate, schema } = language;
  if (validate(toPlain(root))) return { sound: root, problems: [] };
  const found = (validate.errors ?? [])
    .filter((error) => !isOfName(root, error) && !isExcused(root, error, partial))
    .map((error) => ({ error, path: pathOf(error) }));
  const places = found
    .map((one) => ({ ...one, at: placeAt(root, one.path) }))
    .sort((a, b) => a.at.start - b.at.start);
  const problems = places.slice(0, mostProblems).map(({ error }) => describe(root, error, schema));
  for (const { at } of places.slice(mostProblems)) problems.push(moreProblems(at, 1));
  return {
    sound: prune(
      root,
      found.map(({ path }) => path),
    ) as MapValue,
    problems,
  };
}

/** What is wrong with a name comes with the error that a name is wrong, and is told by that. */
function isOfName(root: Value, error: ErrorObject): boolean {
  if (!['pattern', 'maxLength', 'minLength'].includes(error.keyword)) return false;
  return valueAt(root, parsePointer(error.instancePath))?.kind !== 'scalar';
}

/** The name that is wrong, where one is. */
function wrongName(error: ErrorObject): string | undefined {
  return error.keyword === 'propertyNames' ? String(error.params.propertyName) : undefined;
}

/** What is missing may come with an overlay, or was there and wrong: then it has its problem already. */
function isExcused(root: Value, error: ErrorObject, partial: boolean): boolean {
  if (!['required', 'minProperties', 'minItems'].includes(error.keyword)) return false;
  const value = valueAt(root, parsePointer(error.instancePath));
  if (partial) return true;
  return value !== undefined && value.kind !== 'scalar' && value.incomplete === true;
}

/** What is wrong: the value, or the key that isn't known or has a bad name. */
function pathOf(error: ErrorObject): Path {
  const path = parsePointer(error.instancePath);
  const name = wrongName(error);
  if (name !== undefined) return [...path, name];
  if (error.keyword === 'additionalProperties') return [...path, String(error.params.additionalProperty)];
  if (error.keyword === 'required') return [...path, String(error.params.missingProperty)];
  return path;
}

/** What the schema says of the value, or of the name, that is wrong. */
function schemaOf(error: ErrorObject, path: Path, language: SchemaNode): SchemaNode {
  const name = wrongName(error);
  if (name === undefined) return nodeAt(path, language) ?? {};
  return resolve(nodeAt(path.slice(0, -1), language)?.propertyNames ?? {}, language);
}

function textAt(root: Value, path: Path): string {
  const value = valueAt(root, path);
  return value?.kind === 'scalar' ? value.text : '';
}

function describe(root: Value, error: ErrorObject, language: SchemaNode): Problem {
  const path = pathOf(error);
  const where = describePath(path);
  const schema = schemaOf(error, path, language);
  const name = wrongName(error);
  const at = placeAt(root, path);
  if (name !== undefined) {
    const key = keyPlaceAt(root, path);
    return badName(key, name, schema['x-expected'] ?? 'something else', nameRemedy(name, schema));
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const parent = nodeAt(path.slice(0, -1), language) ?? schema;
      const how = unknownKeyRemedy(root, path, parent, language);
      return unknownKey(keyPlaceAt(root, path), String(path.at(-1)), describePath(path.slice(0, -1)), how);
    }
    case 'required':
      return missingKey(
        placeAt(root, path.slice(0, -1)),
        String(path.at(-1)),
        describePath(path.slice(0, -1)),
        exampleOf(nodeAt(path, language), String(path.at(-1))),
      );
    case 'type': {
      const value = valueAt(root, path);
      const node = nodeAt(path, language) ?? schema;
      return wrongType(
        at,
        where,
        describeTypes(node),
        describeFound(value),
        wrongTypeRemedy(value, path, node),
      );
    }
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map(String);
      const expected = schema['x-expected'] ?? oneOf(allowed);
      return wrongValue(at, where, expected, wrongValueRemedy(valueAt(root, path), allowed));
    }
    case 'pattern':
    case 'maxLength':
      return schema['x-expected']
        ? wrongValue(at, where, schema['x-expected'], nameRemedy(textAt(root, path), schema))
        : wrongValue(at, where, 'shorter');
    case 'minimum':
    case 'maximum':
      return wrongValue(at, where, describeRange(schema));
    case 'minLength':
      return wrongValue(at, where, 'more than an empty text');
    case 'minItems':
    case 'minProperties':
      return emptyHere(at, where, exampleOf(nodeAt(path, language), String(path.at(-1))));
    case 'maxProperties':
      return wrongValue(at, where, `at most ${error.params.limit} entries`);
    case 'uniqueItems':
      return wrongValue(
        placeAt(root, [...path, Math.max(error.params.i, error.params.j)]),
        where,
        'without repetitions',
      );
    default:
      return wrongValue(at, where, (error.message ?? '').replace(/^must be /, ''));
  }
}

function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function describeRange({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
}

/** How a key is written, by the first of its examples. */
export function exampleOf(node: SchemaNode | undefined, key: string): string | undefined {
  const example = node?.examples?.[0];
  return example === undefined ? undefined : `For example ${key}: ${flow(example)}`;
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value whose text is read by a type of its own is called by that, not by JSON's types. */
const literalTypes: Readonly<Record<string, string>> = {
  duration: 'a duration such as 30s or 5min',
  percent: 'a percentage such as 5%',
  cpu: 'CPU cores such as 2, 0.5 or 500m',
  memory: 'memory such as 512Mi',
  size: 'a size such as 10Gi',
  bandwidth: 'a bandwidth such as 100Mbit/s',
  arguments: 'a command, or a list of words',
};

export function describeTypes(schema: SchemaNode): string {
  const literal = literalTypes[schema['x-type'] ?? ''];
  if (literal) return literal;
  const words: Record<string, string> = {
    object: 'a map',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  const types = [schema.type ?? []].flat();
  if (types.includes('string') && types.includes('number')) {
    return types.includes('object') ? 'a text, or a map' : 'text';
  }
  // The short form first.
  types.sort((a, b) => Number(a === 'object') - Number(b === 'object'));
  return oneOf(types.map((type) => words[type] ?? type));
}

function describeFound(value: Value | undefined): string {
  if (!value) return 'nothing';
  if (value.kind !== 'scalar') return value.kind === 'map' ? 'a map' : 'a list';
  if (value.value === null) return 'empty';
  return typeof value.value === 'string' ? 'text' : value.text;
}
