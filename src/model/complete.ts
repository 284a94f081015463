import type { Path, Value } from '../document/value.ts';
import { wrongValue } from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import { describePath } from './check-shape.ts';
import {
  LiteralError,
  parseCpu,
  parseDuration,
  parseImage,
  parseMemory,
  splitArguments,
} from './literals.ts';
import { property, resolve, type SchemaNode } from './schema.ts';

/** The normal form of each `x-type`, from the text that the person wrote. */
const literals: Record<string, (text: string) => unknown> = {
  text: (text) => text,
  duration: parseDuration,
  cpu: parseCpu,
  memory: parseMemory,
  image: parseImage,
  arguments: splitArguments,
};

/**
 * A value of the right shape as plain data: literals in their normal form, defaults filled in.
 * What can't be read is added to `problems`.
 */
export function complete(value: Value, node: SchemaNode, path: Path, problems: Problem[]): unknown {
  const schema = resolve(node);
  if (value.kind === 'list') {
    const items = schema.items ?? {};
    return value.items.map((item, index) => complete(item, items, [...path, index], problems));
  }
  if (value.kind === 'map') {
    const plain: Record<string, unknown> = {};
    for (const [key, entry] of value.entries) {
      const of = property(schema, key);
      if (of) plain[key] = complete(entry.value, of, [...path, key], problems);
    }
    return withDefaults(plain, schema);
  }
  const read = schema['x-type'] ? literals[schema['x-type']] : undefined;
  if (!read) return value.value;
  try {
    return read(value.text);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    problems.push(wrongValue(value.at, describePath(path), error.message));
    return value.value;
  }
}

function withDefaults(plain: Record<string, unknown>, schema: SchemaNode): Record<string, unknown> {
  for (const [key, node] of Object.entries(schema.properties ?? {})) {
    const of = resolve(node);
    if (plain[key] === undefined && of.default !== undefined) plain[key] = defaultOf(of);
  }
  return plain;
}

/** Defaults are written as a person would write them, and read in the same way. */
function defaultOf(schema: SchemaNode): unknown {
  const written = schema.default;
  if (typeof written === 'object' && written !== null) return withDefaults({ ...written }, schema);
  const read = schema['x-type'] ? literals[schema['x-type']] : undefined;
  return read ? read(String(written)) : written;
}
