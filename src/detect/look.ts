import type { Clue, Condition } from '../catalog/runtime.ts';
import { type Dependency, sameName, shownIn, takeOut } from './dependencies.ts';
import { readData, valueAtPath } from './read-data.ts';
import type { SourceFolder } from './source-folder.ts';

/** What a clue came to. */
export interface Found {
  readonly value: string;
  readonly file: string;
  /** Of a text: its line, from 1. */
  readonly line: number | undefined;
  /** The groups of its pattern; the first is the whole. */
  readonly groups: readonly (string | undefined)[];
}

/** What is looked at: a folder, and what it depends on. */
export interface Looking {
  readonly source: SourceFolder;
  readonly dependencies: () => Promise<readonly Dependency[]>;
}

/** Sources of tests say nothing about how the program runs. */
const ofTests = /(^|\/)(tests?|specs?|__tests__|__mocks__|e2e)\/|[._-](test|spec)\.\w+$|(^|\/)test_[^/]*$/;

/** What a clue comes to, if to anything. Throws a PaasError where a file is broken. */
export async function look(clue: Clue, at: Looking): Promise<Found | undefined> {
  if (clue.kind === 'dependency' || clue.kind === 'build_dependency') return lookAtDependencies(clue, at);
  for (const file of filesOf(clue, at.source)) {
    const found = await lookAtFile(clue, file, at.source);
    if (found) return found;
  }
  return undefined;
}

/** Whether all of some conditions hold. */
export async function allHold(conditions: readonly Condition[], at: Looking): Promise<boolean> {
  for (const condition of conditions) if (!(await holds(condition, at))) return false;
  return true;
}

/** The first of some conditions that holds, as what it found; undefined where none does. */
export async function firstFound(conditions: readonly Condition[], at: Looking): Promise<Found | undefined> {
  for (const condition of conditions) {
    const found = await foundBy(condition, at);
    if (found) return found;
  }
  return undefined;
}

async function holds(condition: Condition, at: Looking): Promise<boolean> {
  if ('not' in condition) return !(await holds(condition.not, at));
  return (await foundBy(condition, at)) !== undefined;
}

async function foundBy(condition: Condition, at: Looking): Promise<Found | undefined> {
  if ('clue' in condition) return look(condition.clue, at);
  if ('any' in condition) return firstFound(condition.any, at);
  if ('all' in condition) {
    return (await allHold(condition.all, at)) ? firstFound(condition.all, at) : undefined;
  }
  const nothing = { value: '', file: '', line: undefined, groups: [] };
  return (await holds(condition.not, at)) ? undefined : nothing;
}

async function lookAtDependencies({ kind, names, match }: Clue, at: Looking): Promise<Found | undefined> {
  const all = await at.dependencies();
  const asked = kind === 'dependency' ? all.filter(({ dev }) => !dev) : all;
  for (const isIt of names.map(sameName)) {
    const dependency = asked.find(({ name, version }) => isIt(name) && (!match || match.test(version ?? '')));
    if (dependency) {
      const { name, version, file } = dependency;
      return { value: version ?? '', file, line: undefined, groups: [name] };
    }
  }
  return undefined;
}

function filesOf({ kind, names }: Clue, source: SourceFolder): readonly string[] {
  const files = names.flatMap((glob) => source.matching(glob));
  return kind === 'text' ? files.filter((file) => !ofTests.test(file)) : files;
}

async function lookAtFile(clue: Clue, file: string, source: SourceFolder): Promise<Found | undefined> {
  const { kind, match, without, path } = clue;
  if (kind === 'file') return { value: file, file, line: undefined, groups: [file] };
  const text = await source.read(file);
  if (text === undefined) return undefined;
  if (kind === 'text') {
    const part = (match ?? /[\s\S]*/).exec(takeOut(text, without));
    if (!part) return undefined;
    const line = text.slice(0, part.index).split('\n').length + (/^\n*/.exec(part[0])?.[0].length ?? 0);
    return { value: partOf(part), file, line, groups: part };
  }
  const data = await readData(kind as 'json' | 'toml' | 'yaml', { path: shownIn(source, file), text });
  for (const one of data) {
    const value = valueAtPath(one, path);
    if (value === undefined || value === null) continue;
    const said = typeof value === 'object' ? '' : String(value);
    if (!match) return { value: said, file, line: undefined, groups: [said] };
    const part = match.exec(said);
    if (part) return { value: partOf(part), file, line: undefined, groups: part };
  }
  return undefined;
}

/** The first group that took part, else all of it. */
function partOf(part: RegExpExecArray): string {
  return part.slice(1).find((group) => group !== undefined) ?? part[0];
}
