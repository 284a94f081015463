import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fail } from '../problems/problem.ts';
import { ignorePatternBad } from '../problems/registry.ts';
import { unreadable } from './unreadable.ts';

// Docker's rules for .dockerignore, and nothing but these. Two of its slips are left out: a letter behind a backslash
// means itself here (there, \d is a digit), and so does a wildcard in brackets.
// Source: github.com/moby/patternmatcher v0.6.0 (patternmatcher.go, ignorefile/ignorefile.go).

/** Patterns that are ready to be asked. The last one that matches decides; `!` takes back. */
export interface Patterns {
  readonly list: readonly Pattern[];
}

interface Pattern {
  readonly text: string;
  readonly negative: boolean;
  readonly matches: (path: string) => boolean;
}

/**
 * What an image never needs, with the reason. They stand before the lines of .dockerignore, so a line such as `!.env`
 * brings one back. node_modules, vendor and the like are not among them: whether they are put in is for the layers to
 * say, since a layer of dependencies is made of just these.
 */
export const neverNeeded: readonly { readonly pattern: string; readonly because: string }[] = [
  {
    pattern: '.git',
    because: 'the history, in which there may be old secrets; each commit would change the image',
  },
  { pattern: '.hg', because: 'as .git' },
  { pattern: '.svn', because: 'as .git' },
  { pattern: '.paas', because: 'how the app is deployed, which is no part of it' },
  { pattern: 'paas.yaml', because: 'as .paas: another number of instances is no other image' },
  { pattern: 'platform.yaml', because: 'as .paas' },
  { pattern: '.dockerignore', because: 'it is about the image, and not in it' },
  { pattern: '**/.env', because: "a developer's own settings, in which there often are secrets" },
  { pattern: '**/.env.*', because: 'as .env; the variables of an app are said in paas.yaml' },
  { pattern: '**/.DS_Store', because: 'left behind by a file browser' },
];

/** The lines of the .dockerignore of a folder, as patterns; none where there is no such file. */
export async function readIgnoreFile(folder: string): Promise<string[]> {
  try {
    return readIgnoreLines(await readFile(join(folder, '.dockerignore'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return unreadable('.dockerignore', error);
  }
}

/** The patterns in the text of a .dockerignore. */
export function readIgnoreLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => {
      const trimmed = line.trim();
      const negative = trimmed.startsWith('!');
      const rest = negative ? trimmed.slice(1).trim() : trimmed;
      const clean = rest === '' ? '' : cleanPath(rest);
      return `${negative ? '!' : ''}${clean.length > 1 ? clean.replace(/^\//, '') : clean}`;
    });
}

/** Makes patterns ready. `file` is where they come from, for problems. Throws a PaasError for one that can't be read. */
export function compilePatterns(lines: readonly string[], file = '.dockerignore'): Patterns {
  const list = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => compile(cleanPath(line), line, file));
  return { list };
}

/** Whether a path (with `/`, as seen from the folder of the patterns), or a folder above it, is meant by the patterns. */
export function matchesPatterns({ list }: Patterns, path: string): boolean {
  const steps = path.split('/');
  const paths = steps.map((_, index) => steps.slice(0, index + 1).join('/'));
  let matched = false;
  for (const { negative, matches } of list) {
    if (negative === matched && paths.some(matches)) matched = !negative;
  }
  return matched;
}

/**
 * Whether something in a folder that is left out may be brought back by a `!`; else it needn't be looked into.
 * Source: github.com/tonistiigi/fsutil, filter.go: a pattern that begins with a wildcard may be about any folder.
 */
export function mayBringBack({ list }: Patterns, folder: string): boolean {
  return list.some(({ text, negative }) => {
    if (!negative) return false;
    const plain = /^[^*?[\\]*/.exec(text)![0];
    return plain.length < text.length
      ? `${folder}/`.startsWith(plain) || plain.startsWith(`${folder}/`)
      : `${text}/`.startsWith(`${folder}/`);
  });
}

/** Go's filepath.Clean. */
function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal;
}

function compile(clean: string, line: string, file: string): Pattern {
  const negative = clean.startsWith('!');
  const text = negative ? clean.slice(1) : clean;
  if (text === '' || isMalformed(text)) fail(ignorePatternBad(file, line));
  const matcher = matcherOf(text);
  if (!matcher) fail(ignorePatternBad(file, line));
  return { text, negative, matches: matcher };
}

/** What Go's filepath.Match refuses. */
function isMalformed(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      at += 1;
      if (at >= text.length) return true;
    } else if (text[at] === '[') {
      const set = /^\[\^?(?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+\]/su.exec(text.slice(at));
      if (!set) return true;
      at += set[0].length - 1;
    }
  }
  return false;
}

function literally(letter: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter;
}

/** Where a set such as `[a-z]` ends: it was looked at before, so it does. */
function endOfSet(letters: readonly string[], start: number): number {
  let at = start + 1;
  while (at < letters.length && letters[at] !== ']') at += letters[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** What a pattern means. Its four kinds differ a little in what `**` does, and so they do here. */
function matcherOf(text: string): ((path: string) => boolean) | undefined {
  let kind: 'exact' | 'prefix' | 'suffix' | 'expression' = 'exact';
  let expression = '^';
  const letters = [...text];
  for (let at = 0, step = 0; at < letters.length; at++, step++) {
    const letter = letters[at]!;
    if (letter === '*' && letters[at + 1] === '*') {
      at += letters[at + 2] === '/' ? 2 : 1;
      if (at + 1 >= letters.length) {
        expression += '.*';
        kind = kind === 'exact' ? 'prefix' : 'expression';
      } else {
        expression += '(.*/)?';
        kind = 'expression';
      }
      if (step === 0) kind = 'suffix';
    } else if (letter === '*') {
      expression += '[^/]*';
      kind = 'expression';
    } else if (letter === '?') {
      expression += '[^/]';
      kind = 'expression';
    } else if (letter === '\\') {
      at += 1;
      expression += literally(letters[at] ?? '');
      kind = 'expression';
    } else if (letter === '[') {
      const end = endOfSet(letters, at);
      expression += letters.slice(at, end).join('');
      at = end - 1;
      kind = 'expression';
    } else {
      if (letter === ']') kind = 'expression';
      // Docker leaves this one as it is: it means the start, and matches nowhere else.
      expression += letter === '^' ? letter : literally(letter);
    }
  }
  if (kind === 'exact') return (path) => path === text;
  if (kind === 'prefix') return (path) => path.startsWith(text.slice(0, -2));
  if (kind === 'suffix') {
    const end = text.slice(2);
    return (path) => path.endsWith(end) || (end[0] === '/' && path === end.slice(1));
  }
  try {
    const compiled = new RegExp(`${expression}$`, 'su');
    return (path) => compiled.test(path);
  } catch {
    return undefined;
  }
}
