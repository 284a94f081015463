import { parseDocument } from '../document/parse.ts';
import { toPlain } from '../document/value.ts';
import { sourceBroken } from '../problems/detect.ts';
import { fail, type Source } from '../problems/problem.ts';

/** The data of a file in a format; in YAML one for each document. Throws a PaasError where it is broken. */
export async function readData(kind: 'json' | 'toml' | 'yaml', source: Source): Promise<unknown[]> {
  if (kind === 'json') return [readJson(source)];
  return kind === 'toml' ? [await readToml(source)] : readYaml(source);
}

/** The value at a path of keys; `*` is the first one. */
export function valueAtPath(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    if (key === '*') return Object.values(at)[0];
    return Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }, data);
}

function readJson(source: Source): unknown {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    const { message } = error as Error;
    const place = / in JSON at position (\d+)(?: \(.*\))?/.exec(message);
    const start = place ? Number(place[1]) : source.text.trimEnd().length;
    const at = { source, start, end: Math.min(start + 1, source.text.length) };
    const reason = message
      .replace(/ in JSON at position.*$/s, '')
      .replace(/,? *".*" is not valid JSON$/s, '');
    return fail(sourceBroken(at, 'JSON', lower(reason)));
  }
}

async function readToml(source: Source): Promise<unknown> {
  const { parse } = await import('smol-toml');
  try {
    return parse(source.text);
  } catch (error) {
    const { line = 1, column = 1, message } = error as Error & { line?: number; column?: number };
    const before = source.text.split('\n').slice(0, line - 1);
    const start = Math.min(before.join('\n').length + (line > 1 ? 1 : 0) + column - 1, source.text.length);
    const reason = message.replace(/^Invalid TOML document: /, '').split('\n')[0]!;
    return fail(sourceBroken({ source, start, end: start }, 'TOML', lower(reason)));
  }
}

/** Settings of frameworks have placeholders that YAML itself wouldn't take: what can't be read says nothing. */
function readYaml(source: Source): unknown[] {
  return source.text.split(/^---.*$/m).flatMap((text) => {
    const { root } = parseDocument({ ...source, text });
    return root ? [toPlain(root)] : [];
  });
}

function lower(reason: string): string {
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
