import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Additions } from './catalog/additions.ts';
import type { Feature, Layer } from './catalog/feature.ts';
import { parseDocument } from './document/parse.ts';
import { keyPlaceAt, type MapValue, placeAt, valueAt } from './document/value.ts';
import { isFolder } from './host/is-folder.ts';
import { readSource } from './host/read-source.ts';
import { type BuiltApp, buildApp, builtInLanguage, type ReadFile, readApps } from './model/build-app.ts';
import type { Language } from './model/check-shape.ts';
import { chooseEnvironment, withEnvironment } from './model/environment.ts';
import { gatherProblems, inOrder, once } from './model/gather-problems.ts';
import type { PlatformFile, ReadPlatform } from './model/platform.ts';
import { findNoPrometheus } from './plan/asked-of-prometheus.ts';
import { assumedInputs } from './plan/assumed-inputs.ts';
import type { ClusterInputs, RenderInputs } from './plan/component-context.ts';
import type { Plan } from './plan/plan.ts';
import type { RenderedObject } from './plan/rendered-object.ts';
import { noSuchFolder } from './problems/catalog.ts';
import { limitProblems } from './problems/limit.ts';
import { copiedPullSecret } from './problems/platform.ts';
import { fail, type Place, type Problem, type Source } from './problems/problem.ts';
import type { Candidate } from './provenance/trace.ts';

// The stages in order: text → document → app → plan. What comes after needs a cluster: deploy/deploy.ts.

export interface AppFile {
  readonly file: string;
  readonly env: string | undefined;
  readonly cwd: string;
  /** The platform team's file, where there is one. */
  readonly platform?: string | undefined;
  /** The folder of one feature that is tried out: it and the built-in ones hold, and no others. */
  readonly feature?: string | undefined;
}

/** A platform team's file as commands use it. */
export interface LoadedPlatform extends PlatformFile {
  /** As it is shown to people. */
  readonly path: string;
  /** The SHA-256 of its text. */
  readonly hash: string;
}

/** An app with what of it can't be done yet: no reason not to look at it or to delete it. */
export interface LoadedApp extends BuiltApp, Pick<ReadFile, 'notYet'>, Surroundings {}

/** What an app is read with: the platform's word, features of the platform and of the app, and so the language. */
export interface Surroundings {
  readonly platform: LoadedPlatform | undefined;
  /** Features that are not built in, of the platform before those of the app. */
  readonly own: readonly Feature[];
  readonly language: Language;
}

/** What stands around an app's file. Throws a PaasError with what is wrong in it. */
export async function loadSurroundings({
  file,
  cwd,
  platform: platformFile,
  feature,
}: Pick<AppFile, 'file' | 'cwd' | 'platform' | 'feature'>): Promise<Surroundings> {
  const platform = await loadPlatform(platformFile, cwd);
  const folders = ownFeatureFolders(platform, resolve(cwd, file), cwd);
  if (folders.length === 0 && !feature) return { platform, own: [], language: builtInLanguage };
  const { loadFeature, loadFeatures } = await import('./catalog/load-features.ts');
  const shownAs = (path: string): string => relative(cwd, path) || path;
  const own = feature
    ? [await loadFeature(feature, basename(feature), 'app', shownAs)]
    : (await Promise.all(folders.map(({ folder, layer }) => loadFeatures(folder, layer, shownAs)))).flat();
  const fragments = own.flatMap(({ name, schema }) => (schema ? [{ feature: name, schema }] : []));
  if (fragments.length === 0) return { platform, own, language: builtInLanguage };
  const { composeLanguage } = await import('./model/compose-language.ts');
  return { platform, own, language: await composeLanguage(fragments) };
}

/** Where features of the platform and of the app lie. */
function ownFeatureFolders(
  platform: LoadedPlatform | undefined,
  appFile: string,
  cwd: string,
): { folder: string; layer: Layer }[] {
  const ofPlatform = (platform?.platform.features ?? []).map((said, index) => {
    const folder = resolve(cwd, dirname(platform!.path), said);
    if (!isFolder(folder)) fail(noSuchFolder(placeAt(platform!.document, ['features', index]), said));
    return { folder, layer: 'platform' as const };
  });
  const ofApp = { folder: join(dirname(appFile), '.paas', 'features'), layer: 'app' as const };
  return isFolder(ofApp.folder) ? [...ofPlatform, ofApp] : ofPlatform;
}

/** The app that a file describes. Throws a PaasError with every problem of the file, or of what stands around it. */
export async function loadApp(appFile: AppFile): Promise<LoadedApp> {
  const { file, env, cwd } = appFile;
  const around = await loadSurroundings(appFile);
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) fail(...problems);
  return { ...buildApp(root, source, env, around.platform, around.language), ...around };
}

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
export async function fixFile(appFile: AppFile): Promise<readonly Problem[]> {
  const { file, env, cwd } = appFile;
  const { platform, language } = await loadSurroundings(appFile);
  const path = resolve(cwd, file);
  const source = await readSource(path, cwd, '--file');
  const [{ fixText }, { writeSource }] = await Promise.all([
    import('./document/fix-text.ts'),
    import('./host/write-source.ts'),
  ]);
  const { text, fixed } = fixText(source, (one) => checkSource(one, env, platform, language).problems);
  if (fixed.length > 0) await writeSource(path, text);
  return fixed;
}

/** An app that can be rendered: everything is read, and rendering it needs no more than what a cluster knows. */
export interface RenderableApp extends LoadedApp {
  /** The plan, with what only the cluster can tell. */
  readonly planFor: (inputs: ClusterInputs) => Plan;
  readonly features: readonly Feature[];
  readonly files: RenderInputs['files'];
  readonly additions: Additions;
}

/** The objects of an app as they are rendered offline, and everything that their values may come from. */
export interface TraceableApp {
  readonly objects: readonly RenderedObject[];
  readonly candidatesFor: (object: RenderedObject) => readonly Candidate[];
}

/** An app whose rendered values can be led back to their lines. `root` is the folder of this program. */
export async function loadTraceable(appFile: AppFile, root: string): Promise<TraceableApp> {
  const [loaded, { renderLabelled }, { originCandidates }] = await Promise.all([
    loadPlan(appFile, root),
    import('./plan/render-plan.ts'),
    import('./provenance/origin-candidates.ts'),
  ]);
  const { app, features, files, additions, platform, language, document } = loaded;
  const inputs = { ...assumedInputs(app).inputs, files, additions };
  const source = document.at.source;
  const { root: written } = parseDocument(source);
  return {
    objects: renderLabelled(app, features, inputs),
    candidatesFor: originCandidates({
      document: withEnvironment(document, app.environment.name, written),
      source,
      platform,
      language,
      inputs,
      render: (other, changed) => renderLabelled(other, features, changed),
    }),
  };
}

/** The app, the features that render it, and the files that it names. `root` is the folder of this program. */
export async function loadPlan(appFile: AppFile, root: string): Promise<RenderableApp> {
  const loaded = await loadApp(appFile);
  if (loaded.notYet.length > 0) fail(...loaded.notYet);
  const path = resolve(appFile.cwd, appFile.file);
  const files = await readNamedFiles(loaded, path);
  const { render, features, additions } = await loadRenderer(root, loaded, path, appFile.cwd);
  if (loaded.platform) {
    const assumed = render(loaded, { ...assumedInputs(loaded.app).inputs, files });
    const problems = checkPlan(loaded, assumed, loaded.platform);
    if (problems.length > 0) fail(...problems);
  } else {
    const problems = findNoPrometheus(loaded.app, loaded.document, undefined);
    if (problems.length > 0) fail(...problems);
  }
  const planFor = (inputs: ClusterInputs): Plan => render(loaded, { ...inputs, files }).plan;
  return { ...loaded, planFor, features, files, additions };
}

interface Rendered {
  readonly plan: Plan;
  readonly checkRails: typeof import('./plan/guard-rails.ts').checkGuardRails;
  /** Registries of the platform whose credentials the plan needs. */
  readonly registries: readonly string[];
}

interface Renderer {
  readonly render: (built: BuiltApp, inputs: RenderInputs) => Rendered;
  readonly features: readonly Feature[];
  readonly additions: Additions;
}

/** The features that hold for an app: built in, of the platform, of its own. `root` is the folder of this program. */
export async function loadCatalog(
  { platform, own }: Pick<Surroundings, 'platform' | 'own'>,
  root: string,
): Promise<Feature[]> {
  const [{ loadFeatures }, { layered }] = await Promise.all([
    import('./catalog/load-features.ts'),
    import('./catalog/layers.ts'),
  ]);
  const builtIn = await loadFeatures(join(root, 'templates'), 'built-in', (path) => relative(root, path));
  return layered([...builtIn, ...own], {
    allowed: platform?.platform.shadow,
    platform: platform?.document,
  });
}

/** Templates and their engine cost start-up time: only commands that render pay it. */
async function loadRenderer(
  root: string,
  { platform, own }: Surroundings,
  appFile: string,
  cwd: string,
): Promise<Renderer> {
  const [{ readAdditions }, { renderPlan }, { registriesWithSecret, withPullSecrets }, { checkGuardRails }] =
    await Promise.all([
      import('./catalog/additions.ts'),
      import('./plan/render-plan.ts'),
      import('./plan/pull-secrets.ts'),
      import('./plan/guard-rails.ts'),
    ]);
  const [features, additions] = await Promise.all([
    loadCatalog({ platform, own }, root),
    readAdditions(dirname(appFile), (path) => relative(cwd, path)),
  ]);
  return {
    features,
    additions,
    render: ({ app }, inputs) => {
      const plan = renderPlan(app, features, { ...inputs, additions });
      const registries = platform?.platform.registries ?? {};
      return {
        plan: withPullSecrets(plan, registries),
        checkRails: checkGuardRails,
        registries: registriesWithSecret(plan, registries),
      };
    },
  };
}

/** What the platform doesn't allow, or asks for and can't be done yet. */
function checkPlan(
  built: BuiltApp,
  { plan, checkRails, registries }: Rendered,
  file: PlatformFile,
): readonly Problem[] {
  const { platform, document } = file;
  const rails = checkRails(plan, platform.guard_rails, {
    ofComponent: (component, keys) => placeOfKeys(built, component, keys),
    ofRule: (rule) => placeIfSaid(document, ['guard_rails', rule]),
  });
  const copied = registries.flatMap((registry) => {
    const secret = platform.registries[registry]?.pull_secret ?? '';
    const at = placeAt(document, ['registries', registry, 'pull_secret']);
    return secret.includes('/') ? [copiedPullSecret(at, registry, secret)] : [];
  });
  const unmeasured = findNoPrometheus(built.app, built.document, file);
  return limitProblems(inOrder([...rails, ...copied, ...unmeasured], built.document.at.source.path));
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

/** A stored secret that an app refers to: where first, and in which components. */
export interface SecretUse {
  readonly name: string;
  readonly at: Place;
  readonly by: readonly string[];
}

/** The stored secrets that an app refers to. */
export function neededSecrets({ app, document }: BuiltApp): SecretUse[] {
  const uses = app.components.flatMap(({ name: component, secretEnv, files }) => [
    ...secretEnv.flatMap(({ name, secret, key }) =>
      key === undefined ? [{ secret, component, path: ['env', name, 'secret'] }] : [],
    ),
    ...files.flatMap(({ path, from }) =>
      from.type === 'secret' ? [{ secret: from.secret, component, path: ['files', path, 'secret'] }] : [],
    ),
  ]);
  return [...Map.groupBy(uses, ({ secret }) => secret)].map(([name, all]) => ({
    name,
    at: placeAt(document, ['components', all[0]!.component, ...all[0]!.path]),
    by: [...new Set(all.map(({ component }) => component))],
  }));
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
