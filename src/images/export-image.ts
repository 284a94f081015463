import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFailed, noSpace } from '../problems/build.ts';
import { fail, type Place } from '../problems/problem.ts';
import type { BuiltImage } from './build-event.ts';
import type { BuildTool } from './build-tool.ts';
import { fromDockerArchive } from './from-docker-archive.ts';
import { blobFile, readLayout, writeIndex, writeJson } from './layout-folder.ts';
import { runTool } from './run-tool.ts';

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

/** Brings what a tool has built out of its storage, as an image layout. */
export async function exportImage(tool: BuildTool, made: Made, signal: AbortSignal): Promise<BuiltImage> {
  const { id, several, archive, folder, layout, epoch, at } = made;
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const running = runTool({ program, args, env: {} }, signal);
    let next = await running.next();
    while (!next.done) next = await running.next();
    const { exitCode, lines } = next.value;
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
    return fromDockerArchive(unpacked, layout, epoch);
  }
  if (several) {
    await run(tool.name, ['manifest', 'push', '--all', id, `oci:${layout}`]);
    await run(tool.name, ['manifest', 'rm', id]);
    return sortPlatforms(layout);
  }
  await run(tool.name, ['push', '--quiet', id, `oci:${layout}`]);
  return readLayout(layout);
}

interface Index {
  readonly manifests: readonly {
    readonly platform?: { readonly os: string; readonly architecture: string };
  }[];
}

/** Tools list the images of several platforms in the order in which they were done: the same images, another digest. */
async function sortPlatforms(layout: string): Promise<BuiltImage> {
  const { digest, mediaType } = await readLayout(layout);
  const index = JSON.parse(await readFile(blobFile(layout, digest), 'utf8')) as Index;
  const name = ({ platform }: Index['manifests'][number]): string => JSON.stringify(platform ?? {});
  const manifests = [...index.manifests].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  await writeIndex(layout, await writeJson(layout, mediaType, { ...index, manifests }));
  return readLayout(layout);
}
