import { fail } from '../problems/problem.ts';
import { sourceUnreadable } from '../problems/registry.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'it is not there',
  EACCES: 'you have no right to read it',
  EPERM: 'you have no right to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads to itself',
};

/** Ends with the problem of a file that can't be read. */
export function unreadable(path: string, error: unknown): never {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
  if (!reason) throw error;
  fail(sourceUnreadable(path, reason));
}
