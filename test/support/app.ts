import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { kubectl } from './cluster.ts';
import { paas, type Run, type RunOptions, startPaas } from './paas.ts';

/** An app of one test: a folder with its file, and a name that no other test has. */
export interface TestApp {
  readonly name: string;
  readonly folder: string;
  /** The namespace of its environment `default`. */
  readonly namespace: string;
  readonly write: (yaml: string) => void;
  readonly paas: (args: readonly string[], options?: Partial<RunOptions>) => Promise<Run>;
  readonly start: (args: readonly string[], options?: Partial<RunOptions>) => ReturnType<typeof startPaas>;
}

/** Makes an app that is gone, with its namespace, when the test has ended. `yaml` is the file without `app`. */
export function makeApp(yaml: string): TestApp {
  const name = `t-${randomBytes(4).toString('hex')}`;
  const folder = makeFolder();
  const write = (text: string): void => writeFileSync(join(folder, 'paas.yaml'), `app: ${name}\n${text}`);
  const namespace = `${name}-default`;
  write(yaml);
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
  });
  return {
    name,
    folder,
    namespace,
    write,
    paas: (args, options) => paas(args, { cwd: folder, ...options }),
    start: (args, options) => startPaas(args, { cwd: folder, ...options }),
  };
}

/** A folder that is gone when the test has ended. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paas-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The events of a run with --json. */
export function eventsOf(run: Run): { type: string; [field: string]: unknown }[] {
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
