import type { ErrorObject } from 'ajv';
import {
  keyPlaceAt,
  type MapValue,
  type Path,
  placeAt,
  toPlain,
  type Value,
  valueAt,
} from '../document/value.ts';
import { badName, missingKey, unknownKey, wrongType, wrongValue } from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { SchemaNode } from './schema.ts';
import { validate } from './validator.ts';

/** Everything in a document that the schema doesn't allow, in the order of the file. */
export function checkShape(root: MapValue): Problem[] {
  if (validate(toPlain(root))) return [];
  const errors = (validate.errors ?? []).filter((error) => error.keyword !== 'propertyNames');
  return errors.map((error) => describe(root, error)).sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0));
}

function describe(root: Value, error: ErrorObject): Problem {
  const path = parsePointer(error.instancePath);
  const where = describePath(path);
  const schema = error.parentSchema as SchemaNode;
  const name = (error as ErrorObject & { propertyName?: string }).propertyName;
  if (name !== undefined)
    return badName(keyPlaceAt(root, [...path, name]), name, describePath([...path, '*']));
  const at = placeAt(root, path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys(schema.properties ?? {});
      return unknownKey(keyPlaceAt(root, [...path, key]), key, where, nearest(key, known), known);
    }
    case 'required':
      return missingKey(at, String(error.params.missingProperty), where);
    case 'type':
      return wrongType(at, where, describeTypes(error.params.type), describeFound(valueAt(root, path)));
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).map(String);
      return wrongValue(at, where, allowed.join(' or '), nearest(String(error.data), allowed));
    }
    case 'pattern':
      return error.params.pattern === '^/'
        ? wrongValue(at, where, 'a path that begins with /')
        : badName(at, String(error.data), where);
    case 'maxLength':
      return badName(at, String(error.data), where);
    default:
      return wrongValue(at, where, (error.message ?? '').replace(/^must be /, '').replace('NOT', 'not'));
  }
}

function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `components.web.port` as people say it. */
export function describePath(path: Path): string {
  return path.length === 0 ? 'The file' : path.join('.').replace('.*', ' entry');
}

function describeTypes(types: unknown): string {
  const words: Record<string, string> = {
    object: 'a map',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  const list = Array.isArray(types) ? types : String(types).split(',');
  return list.map((type) => words[type] ?? String(type)).join(' or ');
}

function describeFound(value: Value | undefined): string {
  if (!value) return 'nothing';
  if (value.kind !== 'scalar') return value.kind === 'map' ? 'a map' : 'a list';
  if (value.value === null) return 'empty';
  if (typeof value.value === 'string') return 'text';
  return `${value.value}`;
}
