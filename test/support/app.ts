import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { kubectl } from './cluster.ts';
import { makeTemporaryFolder, removeFolder } from './folder.ts';
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

interface Fixtures {
  /** Makes an app; `yaml` is its file without `app`. When the test has ended, it is gone with its namespace. */
  readonly makeApp: (yaml: string) => TestApp;
  /** Makes a folder that is gone when the test has ended. */
  readonly makeFolder: () => string;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are asked for from the pattern.
  makeFolder: async ({}, use) => {
    const folders: string[] = [];
    await use(() => {
      folders.push(makeTemporaryFolder());
      return folders.at(-1)!;
    });
    folders.forEach(removeFolder);
  },
  makeApp: async ({ makeFolder }, use) => {
    const apps: TestApp[] = [];
    await use((yaml) => {
      apps.push(createApp(makeFolder(), yaml));
      return apps.at(-1)!;
    });
    const namespaces = apps.map(({ namespace }) => namespace);
    if (namespaces.length > 0)
      await kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait=false');
  },
});

function createApp(folder: string, yaml: string): TestApp {
  const name = `t-${randomBytes(4).toString('hex')}`;
  const write = (text: string): void => writeFileSync(join(folder, 'paas.yaml'), `app: ${name}\n${text}`);
  write(yaml);
  return {
    name,
    folder,
    namespace: `${name}-default`,
    write,
    paas: (args, options) => paas(args, { cwd: folder, ...options }),
    start: (args, options) => startPaas(args, { cwd: folder, ...options }),
  };
}

/** The events of a run with --json. */
export function eventsOf(run: Run): { type: string; [field: string]: unknown }[] {
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Until a running program has written a text to its standard error. */
export async function until(run: ReturnType<typeof startPaas>, text: string): Promise<void> {
  let written = '';
  await new Promise<void>((resolve, reject) => {
    run.stderr?.on('data', (chunk) => {
      written += chunk;
      if (written.includes(text)) resolve();
    });
    run.then(() => reject(new Error(`It ended without "${text}":\n${written}`)), reject);
  });
}
