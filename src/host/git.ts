import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A revision of a checkout, and whether there are changes that are not committed. */
export interface GitRevision {
  readonly revision: string;
  readonly dirty: boolean;
  /** Who wrote it. */
  readonly author?: string;
}

/** The revision of the checkout that a folder is in; undefined where there is none. */
export async function gitRevision(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GitRevision | undefined> {
  if (env.GIT_DIR === undefined && !isInCheckout(cwd)) return undefined;
  // Loaded where it is used: it would cost every start as much as its own bundle.
  const { execa } = await import('execa');
  const git = (args: string[]) => execa('git', args, { cwd, reject: false, timeout: 5_000 });
  const [revision, status] = await Promise.all([
    git(['log', '-1', '--no-show-signature', '--format=%H%n%an']),
    git(['status', '--porcelain', '--untracked-files=no']),
  ]);
  if (revision.exitCode !== 0) return undefined;
  const [hash = '', author] = revision.stdout.split('\n');
  return { revision: hash, dirty: status.stdout !== '', ...(author && { author }) };
}

/** Whether git would find one: it isn't started for nothing. Source: gitrepository-layout, git(1) "GIT_DIR". */
function isInCheckout(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && isInCheckout(dirname(folder));
}
