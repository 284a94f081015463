import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { sourceUnreadable } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { globPattern } from './glob.ts';
import { type IgnoreRule, isIgnored, readIgnoreRules } from './ignored.ts';

/** A folder of source: what is in it, without what git ignores. Read once, looked at often. */
export interface SourceFolder {
  /** As it is shown to people; what is found in it is shown below it. */
  readonly shown: string;
  /** Its own name. */
  readonly name: string;
  /** The files, shallow ones first, as seen from it. */
  readonly files: readonly string[];
  readonly has: (path: string) => boolean;
  /** Those that fit a glob. */
  readonly matching: (glob: string) => readonly string[];
  /** A file's text; undefined where it is none, or too large to be looked at. Throws a PaasError. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** A folder in it, in the same way. */
  readonly at: (folder: string) => SourceFolder;
  /** Folders in it that hold files, by their paths. */
  readonly folders: readonly string[];
}

/** Never source: what tools fetch, make and keep. Hidden folders aren't either. */
const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'venv',
  '__pycache__',
  'target',
]);

/** What is deeper, or comes after so many entries, tells nothing about an app. */
const deepest = 9;
const mostEntries = 20_000;
/** A larger file isn't written by hand. Bytes. */
const largest = 1_048_576;

/** Reads which files a folder has. `cwd`: where the person is, for how paths are shown. Throws a PaasError. */
export async function readSourceFolder(folder: string, cwd: string): Promise<SourceFolder> {
  const root = resolve(folder);
  const files = await listFiles(root, await rulesAbove(root), relative(cwd, root) || '.');
  const texts = new Map<string, Promise<string | undefined>>();
  const readOnce = (path: string): Promise<string | undefined> => {
    const known = texts.get(path) ?? readText(join(root, path), relative(cwd, join(root, path)));
    texts.set(path, known);
    return known;
  };
  return view(root, cwd, files, readOnce);
}

function view(
  root: string,
  cwd: string,
  files: readonly string[],
  read: (path: string) => Promise<string | undefined>,
): SourceFolder {
  const known = new Set(files);
  const matches = new Map<string, readonly string[]>();
  return {
    shown: relative(cwd, root),
    name: root.split(sep).at(-1) ?? '',
    files,
    has: (path) => known.has(path),
    matching: (glob) => {
      if (!/[*?{]/.test(glob)) return known.has(glob) ? [glob] : [];
      const before = matches.get(glob);
      if (before) return before;
      const pattern = globPattern(glob);
      const found = files.filter((file) => pattern.test(file));
      matches.set(glob, found);
      return found;
    },
    read,
    at: (folder) => {
      if (folder === '.') return view(root, cwd, files, read);
      const below = files.flatMap((file) =>
        file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1)] : [],
      );
      return view(join(root, folder), cwd, below, (path) => read(`${folder}/${path}`));
    },
    folders: [...new Set(files.flatMap((file) => (file.includes('/') ? [dirname(file)] : [])))],
  };
}

/** The files of a folder, breadth first. Links to folders aren't followed: they may lead in a circle. */
async function listFiles(root: string, above: readonly IgnoreRule[], shown: string): Promise<string[]> {
  const files: string[] = [];
  let entries = 0;
  let level: { folder: string; rules: readonly IgnoreRule[] }[] = [{ folder: '', rules: above }];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { folder, rules: before } of level) {
      if (entries > mostEntries) return files;
      const list = await listFolder(join(root, folder), folder === '' ? shown : undefined);
      entries += list.length;
      const rules = list.some(({ name }) => name === '.gitignore')
        ? [...before, ...(await rulesOf(join(root, folder), folder))]
        : before;
      for (const entry of list) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        const isFolder = entry.isDirectory();
        if (isFolder && (passedOver.has(entry.name) || entry.name.startsWith('.'))) continue;
        if (isIgnored(path, isFolder, rules)) continue;
        if (isFolder) next.push({ folder: path, rules });
        else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(join(root, path))))) {
          files.push(path);
        }
      }
    }
    level = next;
  }
  return files;
}

/** What is in a folder, in the order of its names. Of the folder that was asked for (`shown`) it must be known. */
async function listFolder(path: string, shown: string | undefined): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (shown === undefined) return [];
    return fail(sourceUnreadable(shown, reasonOf(error as NodeJS.ErrnoException)));
  }
}

async function leadsToFile(path: string): Promise<boolean> {
  // A link may lead nowhere, or in a circle.
  const there = await stat(path).catch(() => undefined);
  return there?.isFile() ?? false;
}

/** The rules of the folders above, up to the top of the checkout, as seen from a folder. */
async function rulesAbove(root: string): Promise<IgnoreRule[]> {
  const rules: IgnoreRule[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    if (folder !== root) {
      const prefix = relative(folder, root).split(sep).join('/');
      // Seen from below, a rule of above speaks of a path that begins with the way down.
      const seen = (await rulesOf(folder, '')).map((rule) => ({
        ...rule,
        pattern: below(rule.pattern, prefix),
      }));
      rules.unshift(...seen);
    }
    if ((await stat(join(folder, '.git')).catch(() => undefined)) !== undefined) return rules;
    // Outside of a checkout nothing above has a say.
    if (dirname(folder) === folder) return [];
  }
}

function below(pattern: IgnoreRule['pattern'], prefix: string): IgnoreRule['pattern'] {
  return { test: (path) => pattern.test(`${prefix}/${path}`) };
}

async function rulesOf(folder: string, seenAs: string): Promise<IgnoreRule[]> {
  const text = await readText(join(folder, '.gitignore'), '.gitignore').catch(() => undefined);
  return text === undefined ? [] : readIgnoreRules(text, seenAs);
}

async function readText(path: string, shown: string): Promise<string | undefined> {
  try {
    // A pipe or a device may have no end, and even opening one may wait for ever.
    const there = await stat(path);
    if (!there.isFile() || there.size > largest) return undefined;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return text.includes('\0') ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    return fail(sourceUnreadable(shown, reasonOf(error as NodeJS.ErrnoException)));
  }
}

function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is none';
  if (code === 'ENOTDIR') return 'it is no folder';
  return code === 'EACCES' || code === 'EPERM' ? 'you have no right to' : (code ?? 'it failed');
}
