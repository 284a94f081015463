import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { AssemblyLayer, Recipe } from '../catalog/recipe.ts';
import type { Detected } from '../detect/detected.ts';
import { readImageReference } from '../plan/image-reference.ts';
import { readBase } from '../registry/base-image.ts';
import { connectRegistry } from '../registry/connect-registry.ts';
import { readPlatform } from '../registry/oci.ts';
import { closeRegistry } from '../registry/registry.ts';
import { assemble, createdAt } from './assemble.ts';
import type { BuildEvent } from './build-event.ts';
import { neverNeeded, readIgnoreFile } from './ignore.ts';
import type { LayerSource } from './layer-entries.ts';
import type { MadeImage, MakeOptions } from './make-options.ts';
import { commandOf, type RecipeBuild, withFallback, withVersion } from './recipe-for.ts';

// An image of files that are there already: nothing is compiled and no other program is needed.

/** What is missing of what the recipe puts together; undefined where it puts nothing together at all. */
export function missingForAssembly(
  context: string,
  detected: Detected,
  recipe: Recipe,
): { readonly files: readonly string[]; readonly prepare: string | undefined } | undefined {
  const { assembly } = recipe;
  if (!assembly) return undefined;
  const paths = assembly.when.map((pattern) => filled(pattern, detected, recipe));
  const files = paths.filter((path) => !existsSync(join(context, programAt(context, path))));
  const build = detected.buildCommand ?? recipe.build;
  const said = assembly.prepare?.includes('{build}') && build === undefined ? undefined : assembly.prepare;
  return { files, prepare: said?.replaceAll('{build}', build ?? '') };
}

/** Assembles the image of a source. Throws a PaasError. */
export async function* assembleSource(
  context: string,
  detected: Detected,
  recipe: Recipe,
  { images, version, port }: RecipeBuild,
  { env, plainHttp, platform: wanted, signal }: MakeOptions,
): AsyncGenerator<BuildEvent, MadeImage> {
  const assembly = recipe.assembly!;
  const platform = readPlatform(wanted);
  const reference = images.run === 'scratch' ? undefined : images.run;
  yield {
    type: 'build-step',
    instruction: `FROM ${reference ?? 'scratch'}`,
    step: undefined,
    steps: undefined,
    stage: undefined,
  };
  const from = reference === undefined ? undefined : readImageReference(reference);
  const registry =
    from &&
    (await connectRegistry(from.registry, from.path, {
      env,
      plainHttp: plainHttp.has(from.registry) || undefined,
      signal,
    }));
  const base =
    from &&
    registry &&
    (await readBase(registry, from.path, from.digest ?? from.tag ?? 'latest', platform, signal));
  const ignore = [...neverNeeded.map(({ pattern }) => pattern), ...(await readIgnoreFile(context))];
  const layers = assembly.layers.map((layer) => layerOf(layer, context, detected, recipe, ignore));
  for (const { name } of layers) {
    yield {
      type: 'build-step',
      instruction: `COPY ${name}`,
      step: undefined,
      steps: undefined,
      stage: undefined,
    };
  }
  const command = commandOf({ ...detected, command: detected.command ?? assembly.command }, recipe);
  const made = await assemble({
    base,
    platform,
    layers,
    start: {
      env: { ...filledIn(assembly.env, version, port), PORT: String(port) },
      ...(command && { command }),
      ...(assembly.working_dir && { workingDir: assembly.working_dir }),
      user: '65532:65532',
      ports: [port],
    },
    created: createdAt(env),
    signal,
  });
  return {
    image: made.image,
    by: 'paas',
    close: async () => {
      await made.close();
      if (registry) await closeRegistry(registry);
    },
  };
}

function layerOf(
  { from, recipe_file: file, to, exclude = [], python_programs: programs }: AssemblyLayer,
  context: string,
  detected: Detected,
  recipe: Recipe,
  ignore: readonly string[],
): LayerSource {
  const target = filled(to, detected, recipe);
  if (file !== undefined) {
    return {
      name: file,
      parts: [{ content: withFallback(recipe.files[file] ?? '', detected, recipe), to: target }],
    };
  }
  const path = programAt(context, filled(from ?? '.', detected, recipe));
  const others = programs === undefined ? [] : pythonPrograms(context, posix.join(path, programs));
  // As the Dockerfile of a recipe does: what is in a folder lies where a file would.
  const isFolder =
    target === recipe.output_to && statSync(join(context, path), { throwIfNoEntry: false })?.isDirectory();
  // What is named is meant, whatever .dockerignore says of it: often it is the dependencies.
  const without = path === '.' ? [...ignore, ...recipe.ignore, ...exclude] : exclude;
  return {
    name: path,
    parts: [
      {
        root: context,
        from: path,
        to: isFolder ? posix.dirname(target) : target,
        exclude: [...without, ...others.map(({ file }) => file)],
      },
      ...others.map(({ file, content }) => ({
        content,
        to: posix.join(target, posix.relative(path, file)),
        executable: true,
      })),
    ],
  };
}

const filled = (text: string, detected: Detected, recipe: Recipe): string =>
  withVersion(text, detected.version ?? recipe.version).replaceAll(
    '{output}',
    detected.output ?? recipe.output ?? '.',
  );

/** Programs that pip installed, as they start anywhere: by the Python that PATH has there. */
function pythonPrograms(
  context: string,
  folder: string,
): { readonly file: string; readonly content: string }[] {
  return globSync(`${folder}/*`, { cwd: context, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => posix.join(folder, name))
    .sort()
    .map((file) => ({ file, content: readFileSync(join(context, file), 'utf8') }))
    .filter(({ content }) => /^#!.*python[\d.]*\s*$/m.test(content.slice(0, content.indexOf('\n'))))
    .map(({ file, content }) => ({ file, content: content.replace(/^#!.*/, '#!/usr/bin/env python3') }));
}

/** What builds put beside a program. */
const byProduct = /(-sources|-javadoc|-plain|-tests)\.jar$|\.original$|(^|\/)original-[^/]*$/;

/** The one file that a pattern such as `target/*.jar` means, as the Dockerfiles of recipes choose it; else what is asked. */
function programAt(context: string, path: string): string {
  if (existsSync(join(context, path))) return path;
  const found = globSync(path, { cwd: context }).sort();
  return found.find((one) => !byProduct.test(one)) ?? path;
}

const filledIn = (
  env: Readonly<Record<string, string>>,
  version: string,
  port: number,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      withVersion(text, version).replaceAll('{port}', String(port)),
    ]),
  );
