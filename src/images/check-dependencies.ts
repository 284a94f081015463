import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badVersions, lockMissing, lockOutOfStep } from '../problems/build.ts';
import type { Problem } from '../problems/problem.ts';
import { type Audit, audit } from './dependencies/audit.ts';
import { inStep, type LockState, type ReadText } from './dependencies/lock.ts';
import { npmLock, pnpmLock, yarnLock } from './dependencies/node-lock.ts';
import {
  bundlerLock,
  composerLock,
  goLock,
  pipLock,
  poetryLock,
  uvLock,
} from './dependencies/other-locks.ts';

const locks: Readonly<Record<string, (read: ReadText) => Promise<LockState>>> = {
  npm: npmLock,
  pnpm: pnpmLock,
  yarn: yarnLock,
  bundler: bundlerLock,
  composer: composerLock,
  poetry: poetryLock,
  uv: uvLock,
  pip: pipLock,
  go: goLock,
};

export interface DependencyReport {
  /** A reason not to build: the build would fail, or take other versions than were tested. */
  readonly problems: readonly Problem[];
  /** To be read. Known-bad versions are among them and stop nothing: an advisory of last night must not stop a fix of today. */
  readonly warnings: readonly Problem[];
  readonly audit: Audit;
}

/** Looks at the dependencies of a source before it is built. Nothing is installed or changed. */
export async function checkDependencies(
  folder: string,
  tool: string | undefined,
  signal: AbortSignal,
): Promise<DependencyReport> {
  if (tool === undefined)
    return { problems: [], warnings: [], audit: { asked: false, why: 'no dependencies' } };
  const read: ReadText = (file) => readFile(join(folder, file), 'utf8').catch(() => undefined);
  const [lock, audited] = await Promise.all([locks[tool]?.(read) ?? inStep, audit(tool, folder, signal)]);
  const warnings: Problem[] = [];
  if (lock.state === 'missing') warnings.push(lockMissing(lock.manifest, lock.lock, lock.command));
  if (audited.asked && audited.findings.length > 0) warnings.push(badVersions(audited.findings));
  return {
    problems: lock.state === 'out-of-step' ? [outOfStep(lock, (await read(lock.manifest)) ?? '')] : [],
    warnings,
    audit: audited,
  };
}

/** At the first dependency that differs, where its name stands in the manifest. */
function outOfStep(lock: Extract<LockState, { state: 'out-of-step' }>, text: string): Problem {
  const source = { path: lock.manifest, text };
  const name = lock.differences[0]?.name;
  const found = name === undefined ? -1 : Math.max(text.indexOf(`"${name}"`) + 1, text.indexOf(name));
  const at = { source, start: Math.max(found, 0), end: found < 0 ? 0 : found + name!.length };
  return lockOutOfStep(at, lock.manifest, lock.lock, lock.differences, lock.command);
}
