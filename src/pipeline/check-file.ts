import { resolve } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { readSource } from '../host/read-source.ts';
import { type ReadFile, readApps } from '../model/build-app.ts';
import type { Language } from '../model/check-shape.ts';
import { chooseEnvironment } from '../model/environment.ts';
import { gatherProblems, inOrder, once } from '../model/gather-problems.ts';
import type { PlatformFile } from '../model/platform.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';
import { limitProblems } from '../problems/limit.ts';
import type { Problem, Source } from '../problems/problem.ts';
import type { AppFile } from './app-file.ts';
import { checkPlan, loadRenderer } from './load-plan.ts';
import { loadSurroundings } from './surroundings.ts';

/**
 * A file with everything that is wrong with it; without `env` in all of its environments. With a platform and `root`,
 * the folder of this program, what the platform doesn't allow too.
 */
export async function checkFile(appFile: AppFile, root?: string): Promise<ReadFile & { source: Source }> {
  const { file, env, cwd } = appFile;
  const around = await loadSurroundings(appFile);
  const { platform } = around;
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const read = checkSource(source, env, platform, around.language);
  if (!platform || root === undefined || read.problems.length > 0) return { ...read, source };
  const { render } = await loadRenderer(root, around, resolve(cwd, file), cwd);
  const found = read.apps.map((built) => ({
    environments: [built.app.environment.name],
    // What is in the files is no matter of the platform's.
    problems: checkPlan(built, render(built, { ...assumedInputs(built.app).inputs, files: {} }), platform),
  }));
  return { ...read, problems: limitProblems(inOrder(once(gatherProblems(found)), source.path)), source };
}

/** The same for a text. */
export function checkSource(
  source: Source,
  env: string | undefined,
  platform?: PlatformFile,
  language?: Language,
): ReadFile {
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { apps: [], problems, notYet: [] };
  const choose = (known: readonly string[]): readonly string[] =>
    env === undefined ? known : [chooseEnvironment(known, env)];
  return readApps(root, source, choose, platform, language);
}

/** Repairs in a file what is certain, and gives the problems that are gone. */
export async function fixFile(appFile: AppFile): Promise<readonly Problem[]> {
  const { file, env, cwd } = appFile;
  const { platform, language } = await loadSurroundings(appFile);
  const path = resolve(cwd, file);
  const source = await readSource(path, cwd, '--file');
  const [{ fixText }, { writeSource }] = await Promise.all([
    import('../document/fix-text.ts'),
    import('../host/write-source.ts'),
  ]);
  const { text, fixed } = fixText(source, (one) => checkSource(one, env, platform, language).problems);
  if (fixed.length > 0) await writeSource(path, text);
  return fixed;
}
