import type { Clue, DependencySource } from '../catalog/runtime.ts';
import { readData, valueAtPath } from './read-data.ts';
import type { SourceFolder } from './source-folder.ts';

/** A package that a source asks for. */
export interface Dependency {
  readonly name: string;
  /** As it is asked for, the first number of it: `15.1.0`. */
  readonly version: string | undefined;
  readonly file: string;
  readonly dev: boolean;
}

/** What a source depends on, in the order of its files. Throws a PaasError where one of them is broken. */
export async function readDependencies(
  source: SourceFolder,
  sources: readonly DependencySource[],
): Promise<Dependency[]> {
  const found = sources.flatMap(({ clue, dev }) =>
    clue.names.flatMap((glob) => source.matching(glob).map((file) => readOne(source, file, clue, dev))),
  );
  return (await Promise.all(found)).flat();
}

async function readOne(source: SourceFolder, file: string, clue: Clue, dev: boolean): Promise<Dependency[]> {
  const text = await source.read(file);
  if (text === undefined) return [];
  const { kind, path, match, without } = clue;
  const asDependency = (name: string, version: unknown): Dependency => ({
    name,
    version: versionOf(version),
    file,
    dev,
  });
  const parts = (line: string): Dependency[] =>
    [...line.matchAll(new RegExp(match!, 'gm'))].map(({ groups }) =>
      asDependency(groups?.name ?? '', groups?.version),
    );
  if (kind === 'text') return parts(takeOut(text, without));
  if (kind !== 'json' && kind !== 'toml' && kind !== 'yaml') return [];
  const data = await readData(kind, { path: shownIn(source, file), text });
  return data.flatMap((one) => {
    const value = valueAtPath(one, path);
    if (typeof value !== 'object' || value === null) return [];
    if (!Array.isArray(value)) return Object.entries(value).map(([name, said]) => asDependency(name, said));
    const texts = value.filter((item) => typeof item === 'string');
    return match ? texts.flatMap(parts) : texts.map((name) => asDependency(name, undefined));
  });
}

/** `^15.1.0` → `15.1.0`; of a map, its `version`. */
function versionOf(said: unknown): string | undefined {
  if (typeof said === 'object' && said !== null) return versionOf((said as { version?: unknown }).version);
  return typeof said === 'string' ? /\d+(?:\.\d+)*/.exec(said)?.[0] : undefined;
}

/** Names are compared without case, and - _ . are alike: as pip has it, and no other tool differs by them. */
export function sameName(pattern: string): (name: string) => boolean {
  const parts = plain(pattern).split('*');
  return (name) => {
    const other = plain(name);
    if (parts.length === 1) return other === parts[0];
    return other.startsWith(parts[0]!) && other.endsWith(parts.at(-1)!);
  };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

export function takeOut(text: string, without: RegExp | undefined): string {
  // As many characters stay: places in the text are those in the file.
  return without
    ? text.replaceAll(new RegExp(without, 'gm'), (part) => part.replaceAll(/[^\n]/g, ' '))
    : text;
}

/** How a file of a source is shown to people. */
export function shownIn(source: SourceFolder, file: string): string {
  return source.shown === '' ? file : `${source.shown}/${file}`;
}
