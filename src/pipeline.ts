import { join, resolve } from 'node:path';
import { parseDocument } from './document/parse.ts';
import { keyPlaceAt, type MapValue, placeAt, valueAt } from './document/value.ts';
import { readSource } from './host/read-source.ts';
import { type BuiltApp, buildApp, type ReadFile, readApps } from './model/build-app.ts';
import { chooseEnvironment } from './model/environment.ts';
import { gatherProblems, inOrder, once } from './model/gather-problems.ts';
import type { PlatformFile, ReadPlatform } from './model/platform.ts';
import type { Plan } from './plan/plan.ts';
import { limitProblems } from './problems/limit.ts';
import { copiedPullSecret } from './problems/platform.ts';
import { fail, type Place, type Problem, type Source } from './problems/problem.ts';

// The stages in order: text → document → app → plan. What comes after needs a cluster: deploy/deploy.ts.

export interface AppFile {
  readonly file: string;
  readonly env: string | undefined;
  readonly cwd: string;
  /** The platform team's file, where there is one. */
  readonly platform?: string | undefined;
}

/** A platform team's file as commands use it. */
export interface LoadedPlatform extends PlatformFile {
  /** As it is shown to people. */
  readonly path: string;
  /** The SHA-256 of its text. */
  readonly hash: string;
}

/** An app with what of it can't be done yet: no reason not to look at it or to delete it. */
export interface LoadedApp extends BuiltApp, Pick<ReadFile, 'notYet'> {
  readonly platform: LoadedPlatform | undefined;
}

/** The app that a file describes. Throws a PaasError with every problem of the file, or of the platform's. */
export async function loadApp({ file, env, cwd, platform: platformFile }: AppFile): Promise<LoadedApp> {
  const platform = await loadPlatform(platformFile, cwd);
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) fail(...problems);
  return { ...buildApp(root, source, env, platform), platform };
}

/**
 * A file with everything that is wrong with it; without `env` in all of its environments. With a platform and `root`,
 * the folder of this program, what the platform doesn't allow too.
 */
export async function checkFile(
  { file, env, cwd, platform: platformFile }: AppFile,
  root?: string,
): Promise<ReadFile & { source: Source }> {
  const platform = await loadPlatform(platformFile, cwd);
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const read = checkSource(source, env, platform);
  if (!platform || root === undefined || read.problems.length > 0) return { ...read, source };
  const render = await loadRenderer(root);
  const found = read.apps.map((built) => ({
    environments: [built.app.environment.name],
    problems: checkPlan(built, render(built, platform), platform),
  }));
  return { ...read, problems: limitProblems(inOrder(once(gatherProblems(found)), source.path)), source };
}

/** The same for a text. */
export function checkSource(source: Source, env: string | undefined, platform?: PlatformFile): ReadFile {
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { apps: [], problems, notYet: [] };
  const choose = (known: readonly string[]): readonly string[] =>
    env === undefined ? known : [chooseEnvironment(known, env)];
  return readApps(root, source, choose, platform);
}

/** A platform team's file with everything that is wrong with it. */
export async function checkPlatform(file: string, cwd: string): Promise<ReadPlatform & { source: Source }> {
  const source = await readSource(resolve(cwd, file), cwd, '--platform');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { file: undefined, problems, notYet: [], source };
  // Only those who have such a file pay for reading it.
  const { readPlatform } = await import('./model/platform.ts');
  return { ...readPlatform(root, source), source };
}

async function loadPlatform(file: string | undefined, cwd: string): Promise<LoadedPlatform | undefined> {
  if (file === undefined || file === '') return undefined;
  const [{ file: platform, problems, source }, { hashText }] = await Promise.all([
    checkPlatform(file, cwd),
    import('./host/hash-text.ts'),
  ]);
  if (!platform) return fail(...problems);
  return { ...platform, path: source.path, hash: hashText(source.text) };
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

/** The app and what it is on Kubernetes. `root` is the folder of this program, where its templates are. */
export async function loadPlan(appFile: AppFile, root: string): Promise<LoadedApp & { plan: Plan }> {
  const loaded = await loadApp(appFile);
  if (loaded.notYet.length > 0) fail(...loaded.notYet);
  const render = await loadRenderer(root);
  const rendered = render(loaded, loaded.platform);
  const problems = loaded.platform ? checkPlan(loaded, rendered, loaded.platform) : [];
  if (problems.length > 0) fail(...problems);
  return { ...loaded, plan: rendered.plan };
}

interface Rendered {
  readonly plan: Plan;
  readonly checkRails: typeof import('./plan/guard-rails.ts').checkGuardRails;
  /** Registries of the platform whose credentials the plan needs. */
  readonly registries: readonly string[];
}

/** Templates and their engine cost start-up time: only commands that render pay it. */
async function loadRenderer(
  root: string,
): Promise<(built: BuiltApp, platform: PlatformFile | undefined) => Rendered> {
  const [{ loadFeatures }, { renderPlan }, { registriesWithSecret, withPullSecrets }, { checkGuardRails }] =
    await Promise.all([
      import('./catalog/load-features.ts'),
      import('./plan/render-plan.ts'),
      import('./plan/pull-secrets.ts'),
      import('./plan/guard-rails.ts'),
    ]);
  const features = await loadFeatures(join(root, 'templates'));
  return ({ app }, platform) => {
    const plan = renderPlan(app, features);
    const registries = platform?.platform.registries ?? {};
    return {
      plan: withPullSecrets(plan, registries),
      checkRails: checkGuardRails,
      registries: registriesWithSecret(plan, registries),
    };
  };
}

/** What the platform doesn't allow, or asks for and can't be done yet. */
function checkPlan(
  built: BuiltApp,
  { plan, checkRails, registries }: Rendered,
  { platform, document }: PlatformFile,
): readonly Problem[] {
  const rails = checkRails(plan, platform.guard_rails, {
    ofComponent: (component, keys) => placeOfKeys(built, component, keys),
    ofRule: (rule) => placeIfSaid(document, ['guard_rails', rule]),
  });
  const copied = registries.flatMap((registry) => {
    const secret = platform.registries[registry]?.pull_secret ?? '';
    const at = placeAt(document, ['registries', registry, 'pull_secret']);
    return secret.includes('/') ? [copiedPullSecret(at, registry, secret)] : [];
  });
  return limitProblems(inOrder([...rails, ...copied], built.document.at.source.path));
}

function placeIfSaid(document: MapValue, path: readonly string[]): Place | undefined {
  return valueAt(document, path) && keyPlaceAt(document, path);
}

/** Where the file says the first of some keys of a component that it does; else where it says the component. */
function placeOfKeys({ document }: BuiltApp, component: string, keys: readonly string[]): Place | undefined {
  const path = ['components', component];
  const said = keys.map((key) => [...path, ...key.split('.')]).find((one) => valueAt(document, one));
  if (said) return placeAt(document, said);
  return placeIfSaid(document, path);
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
