import { join, resolve } from 'node:path';
import type { Feature } from './catalog/feature.ts';
import { parseDocument } from './document/parse.ts';
import { keyPlaceAt, placeAt, valueAt } from './document/value.ts';
import { readSource } from './host/read-source.ts';
import { type BuiltApp, buildApp, type ReadFile, readApps } from './model/build-app.ts';
import { chooseEnvironment } from './model/environment.ts';
import type { Platform } from './model/platform.ts';
import type { ClusterInputs, RenderInputs } from './plan/component-context.ts';
import type { Plan } from './plan/plan.ts';
import { fail, type Place, type Problem, type Source } from './problems/problem.ts';

// The stages in order: text → document → app → plan. What comes after needs a cluster: deploy/deploy.ts.

export interface AppFile {
  readonly file: string;
  readonly env: string | undefined;
  readonly cwd: string;
}

/**
 * The app that a file describes, and what of it can't be done yet: no reason not to look at an app or to delete it.
 * Throws a PaasError with every problem of the file.
 */
export async function loadApp({ file, env, cwd }: AppFile): Promise<BuiltApp & Pick<ReadFile, 'notYet'>> {
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) fail(...problems);
  return buildApp(root, source, env);
}

/** A file with everything that is wrong with it; without `env` in all of its environments. */
export async function checkFile({ file, env, cwd }: AppFile): Promise<ReadFile & { source: Source }> {
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  return { ...checkSource(source, env), source };
}

/** The same for a text. */
export function checkSource(source: Source, env: string | undefined): ReadFile {
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { apps: [], problems, notYet: [] };
  const choose = (known: readonly string[]): readonly string[] =>
    env === undefined ? known : [chooseEnvironment(known, env)];
  return readApps(root, source, choose);
}

/** A platform team's file with everything that is wrong with it. */
export async function checkPlatform(
  file: string,
  cwd: string,
): Promise<{ platform: Platform | undefined; problems: readonly Problem[] }> {
  const source = await readSource(resolve(cwd, file), cwd, '--platform');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { platform: undefined, problems };
  const { readPlatform } = await import('./model/platform.ts');
  return readPlatform(root, source);
}

/** Repairs in a file what is certain, and gives the problems that are gone. */
export async function fixFile({ file, env, cwd }: AppFile): Promise<readonly Problem[]> {
  const path = resolve(cwd, file);
  const source = await readSource(path, cwd, '--file');
  const [{ fixText }, { writeSource }] = await Promise.all([
    import('./document/fix-text.ts'),
    import('./host/write-source.ts'),
  ]);
  const { text, fixed } = fixText(source, (one) => checkSource(one, env).problems);
  if (fixed.length > 0) await writeSource(path, text);
  return fixed;
}

/** An app that can be rendered: everything is read, and rendering it needs no more than what a cluster knows. */
export interface RenderableApp extends BuiltApp {
  /** The plan, with what only the cluster can tell. */
  readonly planFor: (inputs: ClusterInputs) => Plan;
  readonly features: readonly Feature[];
  readonly inputs: Pick<RenderInputs, 'files'>;
}

/** The app, the features that render it, and the files that it names. `root` is the folder of this program. */
export async function loadPlan(appFile: AppFile, root: string): Promise<RenderableApp> {
  const built = await loadApp(appFile);
  if (built.notYet.length > 0) fail(...built.notYet);
  // Templates and their engine cost start-up time: only commands that render pay it.
  const [{ loadFeatures }, { renderPlan }, files] = await Promise.all([
    import('./catalog/load-features.ts'),
    import('./plan/render-plan.ts'),
    readNamedFiles(built, resolve(appFile.cwd, appFile.file)),
  ]);
  const features = await loadFeatures(join(root, 'templates'), 'built-in');
  const planFor = (inputs: ClusterInputs): Plan => renderPlan(built.app, features, { ...inputs, files });
  return { ...built, planFor, features, inputs: { files } };
}

/** The contents of the files that components mount. */
async function readNamedFiles({ app, document }: BuiltApp, appFile: string): Promise<RenderInputs['files']> {
  const named = app.components.flatMap(({ name, files }) =>
    files.flatMap(({ path, from }) => {
      const at = placeAt(document, ['components', name, 'files', path]);
      return from.type === 'file' ? [{ file: from.file, at }] : [];
    }),
  );
  if (named.length === 0) return {};
  const { readFiles } = await import('./host/read-files.ts');
  return readFiles(named, appFile);
}

/** The stored secrets that an app refers to, and where. */
export function neededSecrets({ app, document }: BuiltApp): { name: string; at: Place }[] {
  const needed = new Map<string, Place>();
  const need = (name: string, ...path: string[]): void => {
    if (!needed.has(name)) needed.set(name, placeAt(document, ['components', ...path]));
  };
  for (const { name: component, secretEnv, files } of app.components) {
    for (const { name, secret, key } of secretEnv) {
      if (key === undefined) need(secret, component, 'env', name, 'secret');
    }
    for (const { path, from } of files) {
      if (from.type === 'secret') need(from.secret, component, 'files', path, 'secret');
    }
  }
  return [...needed].map(([name, at]) => ({ name, at }));
}

/** Where the file says a key of a component; where it says the component, when it doesn't say that key. */
export function placeOfComponent(
  { document }: BuiltApp,
  component: string,
  key: string | undefined,
): Place | undefined {
  const path = ['components', component];
  if (!valueAt(document, path)) return undefined;
  return keyPlaceAt(document, key && valueAt(document, [...path, key]) ? [...path, key] : path);
}
