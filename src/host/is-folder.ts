import { statSync } from 'node:fs';

/** Whether there is a folder. Asked at every start: by the quickest way. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
