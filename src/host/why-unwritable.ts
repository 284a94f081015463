const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you have no right to',
  EPERM: 'you have no right to',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
};

/** Why a file can't be written, in words. */
export function whyUnwritable(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}
