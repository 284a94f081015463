import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fail } from '../problems/problem.ts';
import { sourceUnreadable } from '../problems/registry.ts';
import { matchesPatterns, mayBringBack, type Patterns } from './ignore.ts';
import { unreadable } from './unreadable.ts';

/** Something of a source folder that goes into an image. */
export interface SourceFile {
  /** As seen from what was asked for, with `/`; empty for itself. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link';
  /** Where it lies. */
  readonly file: string;
  /** As people see it: from the root of the source. */
  readonly shown: string;
  readonly executable: boolean;
  /** Where a link points to, as it stands in it: it is never followed. */
  readonly linkTo: string;
}

export interface SourceQuery {
  /** The folder that the patterns are seen from, and that nothing may lead out of. */
  readonly root: string;
  /** A folder or file in it, `.` for all. */
  readonly from: string;
  /** Only what these match. */
  readonly include?: Patterns | undefined;
  /** Without what these match. */
  readonly exclude?: Patterns | undefined;
}

/**
 * Lists what is in a folder of sources, sorted, so that the order in which the file system gives it doesn't matter.
 * Sockets, pipes and devices are left out, as Docker does it. Throws a PaasError for what can't be read.
 */
export async function* listSource({ root, from, include, exclude }: SourceQuery): AsyncGenerator<SourceFile> {
  const start = join(root, from);
  const base = await real(start, from);
  const top = await real(root, '.');
  if (base !== top && !base.startsWith(top.endsWith(sep) ? top : top + sep)) {
    fail(sourceUnreadable(from, 'it is a link that leads out of the folder'));
  }
  // Patterns are about names as people see them, not about where a link leads.
  const prefix = relative(root, start).split(sep).join('/');

  async function* visit(file: string, path: string): AsyncGenerator<SourceFile> {
    const seen = [prefix, path].filter((part) => part !== '').join('/');
    const out = seen !== '' && exclude !== undefined && matchesPatterns(exclude, seen);
    const wanted = !out && (include === undefined || (seen !== '' && matchesPatterns(include, seen)));
    const stat = await lstat(file).catch((error) => unreadable(seen || from, error));
    const common = { path, file, shown: seen || from, executable: false, linkTo: '' };
    if (stat.isSymbolicLink()) {
      if (!wanted) return;
      const linkTo = await readlink(file).catch((error) => unreadable(seen, error));
      yield { ...common, type: 'link', linkTo };
    } else if (stat.isFile()) {
      if (wanted) yield { ...common, type: 'file', executable: (stat.mode & 0o111) !== 0 };
    } else if (stat.isDirectory()) {
      if (out && !mayBringBack(exclude!, seen)) return;
      // A folder that isn't wanted itself is there for what is in it, or not at all.
      let told = wanted;
      if (wanted) yield { ...common, type: 'folder' };
      const names = await readdir(file).catch((error) => unreadable(seen || from, error));
      for (const name of names.sort(byCode)) {
        for await (const found of visit(join(file, name), path === '' ? name : `${path}/${name}`)) {
          if (!told) yield { ...common, type: 'folder' };
          told = true;
          yield found;
        }
      }
    }
  }
  yield* visit(base, '');
}

/** The same everywhere, whatever the language of the machine. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function real(path: string, shown: string): Promise<string> {
  return realpath(path).catch((error) => unreadable(shown, error));
}
