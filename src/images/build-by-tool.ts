import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretInArguments } from '../problems/build.ts';
import { fail, type Place, type Source } from '../problems/problem.ts';
import type { BuildEvent, BuiltImage } from './build-event.ts';
import type { BuildTool } from './build-tool.ts';
import { checkDockerfile } from './check-dockerfile.ts';
import { parseDockerfile } from './dockerfile.ts';
import { explainFailure } from './explain-failure.ts';
import { exportImage } from './export-image.ts';
import type { FindLayers } from './leave-out.ts';
import { readProgress } from './read-progress.ts';
import { runTool } from './run-tool.ts';
import { hideSecrets, isLikeSecret } from './secret-like.ts';
import { buildInvocation } from './tool-arguments.ts';

/**
 * The date of everything in an image, in seconds since 1970: one second into 1980, the first that every archive format
 * can hold. A real date would make another image of the same source.
 */
export const imageEpoch = 315_532_801;

export interface BuildOrder {
  readonly tool: BuildTool;
  /** The folder that is built. */
  readonly context: string;
  /** `file` is undefined where the text is a recipe's, and lies nowhere. */
  readonly dockerfile: { readonly file: string | undefined; readonly source: Source };
  /** What a recipe leaves out, in the form of .dockerignore. A Dockerfile's own lies beside it. */
  readonly ignore?: string | undefined;
  readonly target?: string | undefined;
  readonly args?: Readonly<Record<string, string>>;
  /** Where paas.yaml says the arguments. */
  readonly argsAt?: Place | undefined;
  /** `linux/arm64`; none: that of the machine. */
  readonly platforms?: readonly string[];
  /** The folder that the image is written into. It must be empty, or not there. */
  readonly into: string;
  /** Which layers need not be written into it; none where it is left out. */
  readonly find?: FindLayers | undefined;
  readonly signal: AbortSignal;
}

/**
 * Builds an image by a tool, and writes it as an image layout. Two builds of the same source with the same base images
 * give the same digest, as far as the steps themselves do the same each time. Throws a PaasError, and what the signal
 * was aborted with; the tool has ended then, with all that it started.
 */
export async function* buildByTool(order: BuildOrder): AsyncGenerator<BuildEvent, BuiltImage> {
  const {
    tool,
    context,
    dockerfile,
    target,
    args = {},
    argsAt,
    platforms = [],
    into,
    find = findNone,
    signal,
  } = order;
  const parsed = parseDockerfile(dockerfile.source);
  const wrong = checkDockerfile(parsed, target);
  if (wrong.length > 0) fail(...wrong);
  const secret = Object.keys(args).filter(isLikeSecret);
  if (secret.length > 0) yield { type: 'build-warning', problem: secretInArguments(argsAt, secret) };

  const folder = await mkdtemp(join(tmpdir(), 'paas-build-'));
  const several = platforms.length > 1;
  const paths = {
    idFile: join(folder, 'id'),
    archive: join(folder, 'image.tar'),
    list: `localhost/paas-build-${randomUUID()}`,
  };
  try {
    const files = await writeRecipe(folder, order);
    const invocation = buildInvocation(tool, {
      context,
      dockerfile: files.dockerfile,
      ignoreFile: files.ignoreFile,
      target,
      args,
      platforms,
      fromScratch: parsed.stages.some(({ base }) => base === 'scratch'),
      idFile: paths.idFile,
      list: paths.list,
      output: paths.archive,
      epoch: imageEpoch,
    });
    const hide = hideSecrets(args);
    let step: Extract<BuildEvent, { type: 'build-step' }> | undefined;
    let output: string[] = [];
    const running = runTool(invocation, signal);
    let next = await running.next();
    for (; !next.done; next = await running.next()) {
      const event = readProgress(hide(next.value));
      if (event?.type === 'build-step') {
        step = event;
        output = [];
      } else if (event?.type === 'build-line') output = [...output.slice(-99), event.text];
      if (event) yield event;
    }
    if (next.value.exitCode !== 0) {
      const lines = next.value.lines.map(hide);
      fail(explainFailure({ tool: tool.name, dockerfile: parsed, lines, step, output, platforms }));
    }
    const id = several ? paths.list : (await readFile(paths.idFile, 'utf8')).trim();
    const at = { source: dockerfile.source, start: 0, end: 0 };
    const made = { id, several, archive: paths.archive, folder, layout: into, epoch: imageEpoch, at };
    return await exportImage(tool, made, find, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const findNone: FindLayers = async () => new Map();

/** A recipe's text as files that a tool can read; it stays out of the folder that is built. */
async function writeRecipe(
  folder: string,
  { tool, dockerfile, ignore }: BuildOrder,
): Promise<{ dockerfile: string; ignoreFile: string | undefined }> {
  if (dockerfile.file !== undefined) return { dockerfile: dockerfile.file, ignoreFile: undefined };
  const file = join(folder, 'Dockerfile');
  const { text } = dockerfile.source;
  // Docker's older builder knows no caches; they only make a build quicker.
  const known = tool.name !== 'docker' || tool.buildx;
  await writeFile(file, known ? text : text.replaceAll(/--mount=type=cache\S* /g, ''));
  if (ignore === undefined) return { dockerfile: file, ignoreFile: undefined };
  // BuildKit finds it by this name.
  const ignoreFile = `${file}.dockerignore`;
  await writeFile(ignoreFile, ignore);
  return { dockerfile: file, ignoreFile };
}
