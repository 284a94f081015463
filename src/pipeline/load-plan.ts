import { dirname, relative, resolve } from 'node:path';
import type { Additions } from '../catalog/additions.ts';
import type { Feature } from '../catalog/feature.ts';
import { placeAt, toPlain } from '../document/value.ts';
import { hashText } from '../host/hash-text.ts';
import type { BuiltApp } from '../model/build-app.ts';
import { inOrder } from '../model/gather-problems.ts';
import type { PlatformFile } from '../model/platform.ts';
import { findNoPrometheus } from '../plan/asked-of-prometheus.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';
import type { ClusterInputs, RenderInputs } from '../plan/component-context.ts';
import type { Plan } from '../plan/plan.ts';
import { usedInputs } from '../plan/used-inputs.ts';
import { limitProblems } from '../problems/limit.ts';
import { fail, type Problem } from '../problems/problem.ts';
import type { AppFile } from './app-file.ts';
import { type LoadedApp, loadApp } from './load-app.ts';
import { placeIfSaid, placeOfKeys } from './places.ts';
import type { Surroundings } from './surroundings.ts';

/** An app that can be rendered: everything is read, and rendering it needs no more than what a cluster knows. */
export interface RenderableApp extends LoadedApp {
  /** The plan, with what only the cluster can tell. */
  readonly planFor: (inputs: ClusterInputs) => Plan;
  readonly features: readonly Feature[];
  readonly files: RenderInputs['files'];
  readonly additions: Additions;
  /** A hash of all that people wrote: the file, files that it names, the platform's file, features, additions. */
  readonly source: () => string;
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
  // A deploy asks for the same plan before it knows the cluster, after, and once more when it has the lock.
  const plans = new Map<string, Plan>();
  const planFor = (inputs: ClusterInputs): Plan => {
    const used = usedInputs(loaded.app, features, inputs);
    const key = JSON.stringify(used);
    const plan = plans.get(key) ?? render(loaded, { ...used, files }).plan;
    plans.set(key, plan);
    return plan;
  };
  const source = (): string => hashSource(loaded, files, additions);
  return { ...loaded, planFor, features, files, additions, source };
}

function hashSource(
  { document, app, platform, own }: LoadedApp,
  files: RenderInputs['files'],
  additions: Additions,
): string {
  const contents = Object.entries(files).map(([path, bytes]) => [
    path,
    Buffer.from(bytes).toString('base64'),
  ]);
  const features = own.map(({ name, layer, objects, patches, when, let: names }) => [
    ...[name, layer, when, names],
    ...[...objects, ...patches].map(({ template }) => template),
  ]);
  const byHand = [...additions.manifests, ...additions.patches].map(({ template }) => template);
  const all = [toPlain(document), app.environment.name, platform?.hash, contents, features, byHand];
  return hashText(JSON.stringify(all));
}

interface Rendered {
  readonly plan: Plan;
  readonly checkRails: typeof import('../plan/guard-rails.ts').checkGuardRails;
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
  const [{ builtInFeatures }, { layered }] = await Promise.all([
    import('../catalog/built-in-features.ts'),
    import('../catalog/layers.ts'),
  ]);
  return layered([...(await builtInFeatures(root)), ...own], {
    allowed: platform?.platform.shadow,
    platform: platform?.document,
  });
}

/** Templates and their engine cost start-up time: only commands that render pay it. */
export async function loadRenderer(
  root: string,
  { platform, own }: Surroundings,
  appFile: string,
  cwd: string,
): Promise<Renderer> {
  const [{ readAdditions }, { renderPlan }, { withPullSecrets }, { checkGuardRails }] = await Promise.all([
    import('../catalog/additions.ts'),
    import('../plan/render-plan.ts'),
    import('../plan/pull-secrets.ts'),
    import('../plan/guard-rails.ts'),
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
      };
    },
  };
}

/** What the platform doesn't allow, or asks for and can't be done yet. */
export function checkPlan(
  built: BuiltApp,
  { plan, checkRails }: Rendered,
  file: PlatformFile,
): readonly Problem[] {
  const { platform, document } = file;
  const rails = checkRails(plan, platform.guard_rails, {
    ofComponent: (component, keys) => placeOfKeys(built, component, keys),
    ofRule: (rule) => placeIfSaid(document, ['guard_rails', rule]),
  });
  const unmeasured = findNoPrometheus(built.app, built.document, file);
  return limitProblems(inOrder([...rails, ...unmeasured], built.document.at.source.path));
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
  const { readFiles } = await import('../host/read-files.ts');
  return readFiles(named, appFile);
}
