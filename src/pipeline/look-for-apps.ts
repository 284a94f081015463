import { resolve } from 'node:path';
import type { Runtime } from '../catalog/runtime.ts';
import { appOf, type FoundApp, findApps } from '../detect/find-apps.ts';
import { readSourceFolder } from '../detect/source-folder.ts';
import { nothingDetected } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';

/**
 * The apps in the folder of a paas.yaml; with `named`, those of these folders in it. Throws a PaasError where there is
 * none.
 */
export async function lookForApps(
  base: string,
  named: readonly string[],
  runtimes: readonly Runtime[],
  cwd: string,
): Promise<FoundApp[]> {
  if (named.length === 0) {
    const apps = await findApps(await readSourceFolder(base, cwd), runtimes);
    return apps.length > 0 ? apps : fail(nothingDetected('this folder', lookedFor(runtimes)));
  }
  return Promise.all(
    named.map(async (folder) => {
      const source = await readSourceFolder(resolve(base, folder), cwd);
      const app = await appOf(source, '.', runtimes);
      return app ? { ...app, folder } : fail(nothingDetected(folder, lookedFor(runtimes)));
    }),
  );
}

function lookedFor(runtimes: readonly Runtime[]): string[] {
  const files = (runtime: Runtime): string[] =>
    runtime.detect.flatMap((condition) =>
      'clue' in condition && condition.clue.kind === 'file' ? condition.clue.names : [],
    );
  return [
    'Dockerfile',
    ...runtimes.map((runtime) => `${runtime.title}: ${files(runtime).slice(0, 4).join(', ')}`),
  ];
}
