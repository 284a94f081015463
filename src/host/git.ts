import { execa } from 'execa';

/** The revision of the checkout that a folder is in, and whether it has changes that are not committed. */
export async function gitRevision(cwd: string): Promise<{ revision: string; dirty: boolean } | undefined> {
  const git = (args: string[]) => execa('git', args, { cwd, reject: false, timeout: 5_000 });
  const [revision, status] = await Promise.all([
    git(['rev-parse', 'HEAD']),
    git(['status', '--porcelain', '--untracked-files=no']),
  ]);
  if (revision.exitCode !== 0) return undefined;
  return { revision: revision.stdout, dirty: status.stdout !== '' };
}
