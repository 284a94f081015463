import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the folders of tests begin. */
export const TEMPORARY_FOLDER = join(tmpdir(), 'paas-test-');

export function makeTemporaryFolder(): string {
  return mkdtempSync(TEMPORARY_FOLDER);
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
