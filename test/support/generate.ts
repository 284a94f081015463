import { resolve, rootSchema, type SchemaNode } from '../../src/model/schema.ts';
import type { Random } from './random.ts';

const words = [
  'web',
  'db',
  'a',
  'x-1',
  'shop',
  '',
  'é',
  '*',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '1.10',
  '-',
  '5min',
  '80%',
  '512Mi',
  'UPPER',
  '$(X)',
  ' ',
  'a b',
  '/x',
  'yes',
  '0',
  '-1',
  '99999999999',
  'https://x.y',
];

/** A file that the schema's shape inspires: mostly what may stand there, now and then something else. */
export function generateFile(random: Random, wildness: number): unknown {
  return generate(rootSchema, random, wildness, 0);
}

function generate(node: SchemaNode, random: Random, wild: number, depth: number): unknown {
  const schema = resolve(node);
  if (random.chance(wild)) return junk(random, depth);
  if (schema.examples && random.chance(0.5)) return random.pick(schema.examples);
  if (schema.enum) return random.pick(schema.enum);
  switch (random.pick([schema.type ?? 'string'].flat())) {
    case 'object':
      return generateMap(schema, random, wild, depth);
    case 'array':
      return Array.from({ length: random.below(3) + 1 }, () =>
        generate(schema.items ?? {}, random, wild, depth + 1),
      );
    case 'integer':
      return (schema.minimum ?? 0) + random.below(Math.min(20, (schema.maximum ?? 20) + 1));
    case 'number':
      return random.next() * 2;
    case 'boolean':
      return random.chance(0.5);
    default:
      return schema.examples ? random.pick(schema.examples) : random.pick(['web', 'db', 'api', 'cache']);
  }
}

function generateMap(schema: SchemaNode, random: Random, wild: number, depth: number): unknown {
  const entries: [string, unknown][] = [];
  const required = [...(schema.required ?? []), ...(schema['x-required'] ?? [])];
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const likely = required.includes(key) || key === 'image' ? 1 - wild : depth > 1 ? 0.12 : 0.3;
    if (random.chance(likely)) entries.push([key, generate(child, random, wild, depth + 1)]);
  }
  if (typeof schema.additionalProperties === 'object') {
    for (let count = random.below(3) + 1; count > 0; count--) {
      const name = random.chance(wild)
        ? random.pick(words)
        : random.pick(['web', 'db', 'api', 'cache', 'LEVEL', '/etc/a']);
      entries.push([name, generate(schema.additionalProperties, random, wild, depth + 1)]);
    }
  }
  if (random.chance(wild)) entries.push([random.pick(words), junk(random, depth)]);
  return Object.fromEntries(entries);
}

function junk(random: Random, depth: number): unknown {
  const kind = random.below(depth > 6 ? 5 : 8);
  if (kind === 0) return null;
  if (kind === 1) return random.below(100_000) - 50_000;
  if (kind === 2) return random.chance(0.5);
  if (kind <= 4) return random.pick(words);
  if (kind === 5) return [];
  if (kind === 6) return Array.from({ length: random.below(4) }, () => junk(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(words), junk(random, depth + 1)]),
  );
}

const pieces = [
  '\t',
  '\n',
  '  ',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '<<: ',
  '|\n',
  '>-\n',
  '!x ',
  '%',
  '@',
  '`',
  ',',
  '\r\n',
  '\0',
  '\u2028',
  'é',
  '😀',
  '---\n',
  '...\n',
  '? ',
  '~',
  'null',
  '1e400',
  '0x',
  '.inf',
  '\u202e',
  '\ufeff',
  ' #',
  'components:',
  'env:',
  '\ud800',
];

/** A text with a few edits such as slips of the fingers, merges gone wrong and broken transfers make. */
export function mutate(text: string, random: Random): string {
  let result = text;
  for (let edits = random.below(4) + 1; edits > 0; edits--) {
    const at = random.below(result.length + 1);
    const length = random.below(12);
    const lines = result.split('\n');
    const line = random.below(lines.length);
    switch (random.below(8)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
      case 2:
        result = result.slice(0, at) + random.pick(pieces) + result.slice(at);
        break;
      case 3:
        lines.splice(line, 0, lines[random.below(lines.length)]!);
        result = lines.join('\n');
        break;
      case 4:
        lines.splice(line, 1);
        result = lines.join('\n');
        break;
      case 5:
        lines[line] = ' '.repeat(random.below(6)) + lines[line]!.trimStart();
        result = lines.join('\n');
        break;
      case 6:
        result =
          result.slice(0, at) + result.slice(random.below(result.length + 1), at + 40) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + String.fromCharCode(random.below(0x250)) + result.slice(at + 1);
    }
  }
  return result;
}
