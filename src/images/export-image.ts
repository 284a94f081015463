import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFailed, noSpace } from '../problems/build.ts';
import { fail, type Place } from '../problems/problem.ts';
import type { BuiltImage } from './build-event.ts';
import type { BuildTool } from './build-tool.ts';
import { fromDockerArchive } from './from-docker-archive.ts';
import { blobFile, imageIn, writeIndex, writeJson } from './layout-folder.ts';
import { type FindLayers, layEmptyFiles, replaceEmptyFiles } from './leave-out.ts';
import { runTool, type ToolRun } from './run-tool.ts';

export interface Made {
  /** The id of the image in the tool's storage; with several platforms the name of the list. */
  readonly id: string;
  readonly several: boolean;
  /** Docker's archive of several platforms, written by the build itself. */
  readonly archive: string;
  /** For what is in between. */
  readonly folder: string;
  readonly layout: string;
  readonly epoch: number;
  /** The Dockerfile. */
  readonly at: Place;
}

/** Brings what a tool has built out of its storage, as an image layout: without the layers that `find` finds. */
export async function exportImage(
  tool: BuildTool,
  made: Made,
  find: FindLayers,
  signal: AbortSignal,
): Promise<BuiltImage> {
  const { id, several, archive, folder, layout, epoch, at } = made;
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const { exitCode, lines } = await runToEnd(program, args, signal);
    if (exitCode === 0) return;
    const last = lines.slice(-10);
    fail(/no space left/i.test(last.join('\n')) ? noSpace(at, last) : buildFailed(at, program, last));
  };
  await mkdir(layout, { recursive: true });
  if (tool.name === 'docker') {
    if (several) {
      await run('tar', ['-xf', archive, '-C', layout]);
      return sortPlatforms(layout);
    }
    const unpacked = join(folder, 'saved');
    await mkdir(unpacked);
    await run('docker', ['save', '--output', archive, id]);
    await run('tar', ['-xf', archive, '-C', unpacked]);
    return fromDockerArchive(unpacked, layout, epoch, find);
  }
  if (several) {
    await run(tool.name, ['manifest', 'push', '--all', id, `oci:${layout}`]);
    await run(tool.name, ['manifest', 'rm', id]);
    return sortPlatforms(layout);
  }
  const known = await find(await layersOf(tool, id, signal));
  await layEmptyFiles(layout, known);
  await run(tool.name, ['push', '--quiet', id, `oci:${layout}`]);
  return replaceEmptyFiles(layout, known);
}

/** The layers of an image in a tool's storage, as they are unpacked; none where it doesn't say. */
async function layersOf({ name }: BuildTool, id: string, signal: AbortSignal): Promise<string[]> {
  const args =
    name === 'buildah'
      ? ['inspect', '--type', 'image', '--format', '{{.OCIv1.RootFS.DiffIDs}}', id]
      : ['image', 'inspect', '--format', '{{.RootFS.Layers}}', id];
  const { exitCode, lines } = await runToEnd(name, args, signal);
  return exitCode === 0 ? [...(lines.at(-1) ?? '').matchAll(/sha256:[0-9a-f]{64}/g)].map(([one]) => one) : [];
}

async function runToEnd(program: string, args: readonly string[], signal: AbortSignal): Promise<ToolRun> {
  const running = runTool({ program, args, env: {} }, signal);
  let next = await running.next();
  while (!next.done) next = await running.next();
  return next.value;
}

interface Index {
  readonly manifests: readonly {
    readonly platform?: { readonly os: string; readonly architecture: string };
  }[];
}

/** Tools list the images of several platforms in the order in which they were done: the same images, another digest. */
async function sortPlatforms(layout: string): Promise<BuiltImage> {
  const { digest, mediaType } = await imageIn(layout);
  const index = JSON.parse(await readFile(blobFile(layout, digest), 'utf8')) as Index;
  const name = ({ platform }: Index['manifests'][number]): string => JSON.stringify(platform ?? {});
  const manifests = [...index.manifests].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  await writeIndex(layout, await writeJson(layout, mediaType, { ...index, manifests }));
  return imageIn(layout);
}
