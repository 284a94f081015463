import { posix } from 'node:path';
import type { Recipe } from '../catalog/recipe.ts';
import type { Detected } from '../detect/detected.ts';
import { noRecipe, notStarted, programLacking } from '../problems/build.ts';
import { fail } from '../problems/problem.ts';
import { neverNeeded } from './ignore.ts';

/** The images of platform.yaml to build on, by runtime: one for all stages, or one to build and one to run. */
export type BaseImages = Readonly<
  Record<string, string | { readonly build?: string; readonly run?: string }>
>;

/** A recipe applied to a source. */
export interface RecipeBuild {
  /** The text of the Dockerfile. It may be shown: nothing in it is secret. */
  readonly dockerfile: string;
  readonly images: { readonly build: string; readonly run: string };
  /** The version of the runtime. */
  readonly version: string;
  readonly port: number;
}

/** What of a source decides about its image. */
export type RecipeSource = Pick<
  Detected,
  'runtime' | 'framework' | 'tool' | 'version' | 'buildCommand' | 'output' | 'command' | 'port'
>;

/**
 * Kept out of a tool's build beside what no image needs: the Dockerfile, which changes without the program changing, and
 * what was installed on this machine, in every folder of a workspace: the build installs it anew.
 */
const neverBuilt = ['Dockerfile*', '**/node_modules'];

/** The recipe's name for a source: a program of Node.js that only makes files is served as files. */
export function recipeNameOf({ runtime, command, output }: RecipeSource): string {
  return runtime === 'node' && command === undefined && output !== undefined ? 'static' : runtime;
}

/** The Dockerfile that a recipe makes for a source. Pure: the same arguments, the same text. Throws a PaasError where it can't build it. */
export function recipeFor(source: RecipeSource, recipe: Recipe, baseImages: BaseImages = {}): RecipeBuild {
  const version = versionOf(source, recipe);
  const images = imagesOf(source, recipe, baseImages, version);
  const port = source.port ?? recipe.port;
  const output = source.output ?? recipe.output;
  const command = commandOf(source, recipe);
  const values: Record<string, string | undefined> = {
    description: recipe.description,
    version,
    build_image: images.build,
    run_image: images.run,
    build: oneLine(source.buildCommand ?? recipe.build),
    output: output ?? '',
    output_quoted: quoted(output ?? ''),
    command: command && jsonArray(command),
    port: String(port),
  };
  for (const [name, text] of Object.entries(recipe.files)) {
    values[name] = asArguments(withFallback(text, source, recipe));
  }
  const template = recipe.dockerfiles[source.tool ?? ''] ?? recipe.dockerfiles[''] ?? '';
  // A step that the template has no place for would be left out, and nobody would see it.
  if (source.buildCommand !== undefined && !template.includes('{{build}}')) {
    fail(noRecipe(recipe.name, source.framework ?? source.tool, source.buildCommand));
  }
  if (
    source.command === undefined &&
    source.output !== undefined &&
    startsNothing(source, recipe, template)
  ) {
    fail(notStarted(recipe.name, source.framework, source.output, source.buildCommand));
  }
  return {
    dockerfile: fill(template, values),
    images,
    version,
    port,
  };
}

/** The recipe's own command would start something else than what the source makes, or nothing that is there. */
const startsNothing = ({ framework }: RecipeSource, recipe: Recipe, template: string): boolean =>
  recipe.refuses.includes(framework ?? '') || !/\{\{output(_quoted)?\}\}/.test(template);

/** Throws a PaasError where a tool can't build the source by a recipe, since the image of its build lacks a program. */
export function checkPrograms({ buildCommand, framework }: RecipeSource, recipe: Recipe): void {
  const program = /^\s*(\S+)/.exec(buildCommand ?? '')?.[1];
  if (program !== undefined && recipe.lacks.includes(program)) {
    fail(programLacking(recipe.name, framework, buildCommand!));
  }
}

/**
 * What stays out of the build by a recipe, in the form of .dockerignore; `own` is the text of the source's own. That one
 * can bring back what images only never need (`!.env`), but not what the build makes.
 */
export function ignoreFileOf(own: string, recipe: Recipe): string {
  const before = neverNeeded.map(({ pattern }) => pattern);
  return `${[...before, own, ...neverBuilt, ...recipe.ignore].join('\n')}\n`;
}

/** A file of the recipe, with what answers an address that is no file. */
export const withFallback = (text: string, { framework }: RecipeSource, recipe: Recipe): string =>
  text.replaceAll('@FALLBACK@', recipe.single_page.includes(framework ?? '') ? '/index.html' : '=404');

/** A range such as `>=20` is no tag of an image. */
const versionOf = ({ version }: RecipeSource, recipe: Recipe): string =>
  version !== undefined && /^\d+(\.\d+)*$/.test(version) ? version : recipe.version;

function imagesOf(
  { tool }: RecipeSource,
  { name, base, tools }: Recipe,
  baseImages: BaseImages,
  version: string,
): RecipeBuild['images'] {
  const own = baseImages[name];
  const builder = baseImages[base.build_of ?? name];
  const ofTool = tool === undefined ? undefined : tools[tool]?.build;
  const build = (typeof builder === 'string' ? builder : builder?.build) ?? ofTool ?? base.build;
  const run = (typeof own === 'string' ? own : own?.run) ?? base.run;
  return { build: withVersion(build, version), run: withVersion(run, version) };
}

/** Puts the version into the name of an image. */
export const withVersion = (image: string, version: string): string =>
  image.replaceAll('{version}', version).replaceAll('{major}', version.split('.')[0]!);

/** What is built is started where it lies in the image. */
export function commandOf(source: RecipeSource, recipe: Recipe): readonly string[] | undefined {
  const { output, command } = source;
  const { output_to } = recipe;
  if (command && output && output_to !== undefined) {
    // Where the output is a folder, its files lie beside where a file would.
    const folder = posix.dirname(output_to);
    return command.map((word) =>
      word
        .replaceAll(`./${output}`, output)
        .replaceAll(`${output}/`, `${folder}/`)
        .replaceAll(output, output_to),
    );
  }
  if (command) return command;
  // A program that is the output itself.
  if (output !== undefined && recipe.output?.startsWith('/')) return [`/app/${output}`];
  return recipe.command;
}

/** Line ends would end the instruction that a text stands in. */
const oneLine = (text: string | undefined): string | undefined =>
  text?.trim().replaceAll(/\s*\n\s*/g, ' && ');

const quoted = (text: string): string =>
  /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const jsonArray = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;

/** The lines of a file as arguments of printf. */
const asArguments = (text: string): string =>
  `\\\n${text
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
    .map((line) => `    '${line.replaceAll("'", `'\\''`)}'`)
    .join(' \\\n')} \\\n   `;

/**
 * Puts values into a template. An instruction with a name that has no value is left out, with the comment above it.
 */
function fill(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const lines: string[] = [];
  for (const line of template.split('\n')) {
    const names = [...line.matchAll(/\{\{([\w.]+)\}\}/g)].map(([, name = '']) => name);
    if (names.some((name) => values[name] === undefined)) {
      while (lines.at(-1)?.startsWith('#')) lines.pop();
    } else lines.push(line.replaceAll(/\{\{([\w.]+)\}\}/g, (_, name: string) => values[name]!));
  }
  return lines.join('\n');
}
