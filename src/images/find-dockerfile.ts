import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { buildFolderMissing, dockerfileMissing, dockerfileOutside } from '../problems/build.ts';
import { nearest } from '../problems/nearest.ts';
import { fail, type Place, type Source } from '../problems/problem.ts';

export interface BuildPlaces {
  /** Where paas.yaml says the context, and the Dockerfile. */
  readonly context?: Place | undefined;
  readonly dockerfile?: Place | undefined;
}

export interface FoundSource {
  /** The folder that is built, absolute, links followed. */
  readonly context: string;
  /** Undefined where there is none and none was asked for: then a recipe builds. */
  readonly dockerfile: { readonly file: string; readonly source: Source } | undefined;
}

const usualNames = ['Dockerfile', 'Containerfile'];

/**
 * The folder to build and its Dockerfile, from what `build` in paas.yaml says. `root` is the folder of paas.yaml; files
 * are shown as seen from `cwd`. Throws a PaasError at the line of paas.yaml.
 */
export async function findDockerfile(
  root: string,
  cwd: string,
  build: { readonly context: string; readonly dockerfile?: string | undefined },
  at: BuildPlaces = {},
): Promise<FoundSource> {
  const folder = join(root, build.context);
  const about = await stat(folder).catch(() => undefined);
  if (!about?.isDirectory()) {
    fail(buildFolderMissing(at.context, build.context, about ? 'it is a file' : 'it is not there'));
  }
  const context = await realpath(folder);
  const names = build.dockerfile === undefined ? usualNames : [build.dockerfile];
  for (const name of names) {
    const file = await realpath(join(context, name)).catch(() => undefined);
    if (file === undefined || !(await stat(file)).isFile()) continue;
    if (!file.startsWith(context.endsWith(sep) ? context : context + sep)) {
      fail(dockerfileOutside(at.dockerfile, name));
    }
    const shown = relative(cwd, join(folder, name));
    return { context, dockerfile: { file, source: { path: shown, text: await readFile(file, 'utf8') } } };
  }
  if (build.dockerfile === undefined) return { context, dockerfile: undefined };
  if (relative(context, join(context, build.dockerfile)).startsWith('..')) {
    fail(dockerfileOutside(at.dockerfile, build.dockerfile));
  }
  const there = (await readdir(context)).filter((name) => /docker|container/i.test(name));
  return fail(
    dockerfileMissing(at.dockerfile, join(build.context, build.dockerfile), nearest(build.dockerfile, there)),
  );
}
