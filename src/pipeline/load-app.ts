import { resolve } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { readSource } from '../host/read-source.ts';
import { type BuiltApp, buildApp, type ReadFile } from '../model/build-app.ts';
import { fail } from '../problems/problem.ts';
import type { AppFile } from './app-file.ts';
import { imageOverlay } from './image-flags.ts';
import { loadSurroundings, type Surroundings } from './surroundings.ts';

/** An app with what of it can't be done yet: no reason not to look at it or to delete it. */
export interface LoadedApp extends BuiltApp, Pick<ReadFile, 'notYet'>, Surroundings {}

/** The app that a file describes. Throws a PaasError with every problem of the file, or of what stands around it. */
export async function loadApp(appFile: AppFile): Promise<LoadedApp> {
  const { file, env, cwd, images = [] } = appFile;
  const around = await loadSurroundings(appFile);
  const source = await readSource(resolve(cwd, file), cwd, '--file');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) fail(...problems);
  const over = images.length > 0 && root?.kind === 'map' ? imageOverlay(images, root, env) : undefined;
  return { ...buildApp(root, source, env, { ...around, over }), ...around };
}
