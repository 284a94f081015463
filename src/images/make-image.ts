import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadRecipe } from '../catalog/load-recipe.ts';
import type { Recipe } from '../catalog/recipe.ts';
import type { Runtime } from '../catalog/runtime.ts';
import { detect } from '../detect/detect.ts';
import type { Detected } from '../detect/detected.ts';
import type { Build } from '../model/app.ts';
import { noBuildTool, notBuiltHere, recipeMissing } from '../problems/build.ts';
import { nothingDetected } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { assembleSource, missingForAssembly } from './assemble-source.ts';
import { buildByTool } from './build-by-tool.ts';
import type { BuildEvent } from './build-event.ts';
import { checkDependencies } from './check-dependencies.ts';
import { type FoundSource, findDockerfile } from './find-dockerfile.ts';
import { findTool } from './find-tool.ts';
import { readLayout } from './layout.ts';
import type { BuildPlaces, MadeImage, MakeOptions } from './make-options.ts';
import { checkPrograms, ignoreFileOf, recipeFor, recipeNameOf } from './recipe-for.ts';

/**
 * Makes an image of source: by its Dockerfile, or by the recipe of its runtime, with the tool that is there; without
 * one, and without anything to compile, of its files. Throws a PaasError.
 */
export async function* makeImage(
  build: Build,
  at: BuildPlaces,
  options: MakeOptions,
): AsyncGenerator<BuildEvent, MadeImage> {
  const { root, cwd, env } = options;
  const found = await findDockerfile(root, cwd, build, at);
  const { tool, tried } = await findTool(
    env.PAAS_BUILD_TOOL,
    // A recipe's Dockerfile has its .dockerignore beside it, outside of the source.
    found.dockerfile === undefined,
  );
  if (found.dockerfile) {
    if (!tool) fail({ ...noBuildTool(tried), ...(at.build && { at: at.build }) });
    return yield* byTool(build, at, found.dockerfile, found.context, undefined, tool, options);
  }
  const { detected, recipe } = await recipeOf(found, build, at, options);
  if (options.check) yield* checked(found.context, detected.tool, options.signal);
  const recipes = recipeFor(detected, recipe, options.baseImages);
  if (tool) {
    checkPrograms(detected, recipe);
    const source = { path: `${recipe.name}/Dockerfile (recipe)`, text: recipes.dockerfile };
    const own = await readFile(join(found.context, '.dockerignore'), 'utf8').catch(() => '');
    const ignore = ignoreFileOf(own, recipe);
    return yield* byTool(build, at, { file: undefined, source }, found.context, ignore, tool, options);
  }
  const missing = missingForAssembly(found.context, detected, recipe);
  if (!missing || missing.files.length > 0) {
    fail({ ...noBuildTool(tried, missing), ...(at.build && { at: at.build }) });
  }
  // What a build makes is looked for only where the recipe names it.
  const { buildCommand } = detected;
  if (buildCommand !== undefined && !recipe.assembly?.when.some((path) => path.includes('{output}'))) {
    yield { type: 'build-warning', problem: notBuiltHere(buildCommand) };
  }
  return yield* assembleSource(found.context, detected, recipe, recipes, options);
}

/** Looks at the dependencies: a lock file that is out of step ends it, what is known to be bad is told. */
async function* checked(
  context: string,
  tool: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<BuildEvent> {
  const { problems, warnings, audit } = await checkDependencies(context, tool, signal);
  for (const problem of warnings) yield { type: 'build-warning', problem };
  if (!audit.asked && tool !== undefined) {
    const instruction = `known-bad versions were not looked for: ${audit.why}`;
    yield { type: 'build-step', instruction, step: undefined, steps: undefined, stage: undefined };
  }
  if (problems.length > 0) fail(...problems);
}

async function recipeOf(
  { context }: FoundSource,
  build: Build,
  at: BuildPlaces,
  { runtimes, cwd, programRoot }: MakeOptions,
): Promise<{ detected: Detected; recipe: Recipe }> {
  const [detected] = await detect(context, runtimes, cwd);
  if (!detected) fail({ ...nothingDetected(build.context, []), ...(at.build && { at: at.build }) });
  const runtime = runtimes.find(({ name }) => name === recipeNameOf(detected));
  const recipe = runtime && (await loadRecipe(recipeFolder(runtime, programRoot, cwd)));
  if (!recipe) fail(recipeMissing(at.build, detected.runtime));
  return { detected, recipe };
}

/** Folders are shown as seen from where people are; those of this program from where it is. */
function recipeFolder({ layer, name, folder }: Runtime, programRoot: string, cwd: string): string {
  return layer === 'built-in' ? join(programRoot, 'templates', 'runtimes', name) : resolve(cwd, folder);
}

async function* byTool(
  build: Build,
  at: BuildPlaces,
  dockerfile: Parameters<typeof buildByTool>[0]['dockerfile'],
  context: string,
  ignore: string | undefined,
  tool: Parameters<typeof buildByTool>[0]['tool'],
  { signal, platform, find }: MakeOptions,
): AsyncGenerator<BuildEvent, MadeImage> {
  const folder = await mkdtemp(join(tmpdir(), 'paas-image-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const built = yield* buildByTool({
      tool,
      context,
      dockerfile,
      ignore,
      target: build.target,
      ...(build.args && { args: build.args }),
      argsAt: at.args,
      platforms: build.platform ?? [platform],
      into: join(folder, 'layout'),
      find,
      signal,
    });
    return { image: await readLayout(built.layout, undefined, built.leftOut), by: tool.name, close };
  } catch (error) {
    await close();
    throw error;
  }
}
