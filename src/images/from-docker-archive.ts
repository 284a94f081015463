import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Blob } from '../registry/image.ts';
import { configType, type Descriptor, layerType, manifestType } from '../registry/oci.ts';
import type { BuiltImage } from './build-event.ts';
import { blobFile, imageIn, writeIndex, writeJson } from './layout-folder.ts';
import type { FindLayers } from './leave-out.ts';
import { rewriteTimes } from './rewrite-times.ts';

interface History {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

interface Config {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly history?: readonly History[];
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

/** What a container gets from an image's config. The rest tells about the machine that built it. */
const lasting = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
];

/**
 * Makes a layout of what `docker save` wrote, unpacked. Docker dates files as it finds them, so two builds of the same
 * source differ: the layers of this build are dated anew. Those of the base image, which history tells by their dates,
 * stay as they are, where the builder can be told the date (BuildKit); else all are dated anew. Those of the base that
 * `find` finds are left out.
 */
export async function fromDockerArchive(
  archive: string,
  layout: string,
  epoch: number,
  find: FindLayers,
): Promise<BuiltImage> {
  const [saved] = JSON.parse(await readFile(join(archive, 'manifest.json'), 'utf8')) as {
    Config: string;
    Layers: string[];
  }[];
  if (!saved) throw new Error('docker saved no image');
  const config = JSON.parse(await readFile(join(archive, saved.Config), 'utf8')) as Config;
  const date = new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
  const history = config.history ?? [];
  const first = history.findIndex(
    ({ created }) => created !== undefined && Date.parse(created) === epoch * 1000,
  );
  const ofBase = first < 0 ? 0 : history.slice(0, first).filter(({ empty_layer }) => !empty_layer).length;

  const unchanged = config.rootfs?.diff_ids?.slice(0, ofBase) ?? [];
  const known = unchanged.length > 0 ? await find(unchanged) : undefined;
  const leftOut: Blob[] = [];
  const layers: { readonly blob: Descriptor; readonly diffId: string }[] = [];
  for (const [index, path] of saved.Layers.entries()) {
    const diffId = unchanged[index];
    const there = diffId === undefined ? undefined : known?.get(diffId);
    if (diffId !== undefined && there) {
      layers.push({ blob: there.descriptor, diffId });
      leftOut.push(there);
      continue;
    }
    layers.push(await copyLayer(join(archive, path), layout, index < ofBase ? undefined : epoch));
  }
  const blob = await writeJson(layout, configType, {
    created: date,
    architecture: config.architecture,
    os: config.os,
    ...(config.variant && { variant: config.variant }),
    config: Object.fromEntries(
      lasting.flatMap((key) => {
        const value = config.config?.[key];
        return value === undefined || value === null || value === '' ? [] : [[key, value]];
      }),
    ),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: history.map((one, index) => (first >= 0 && index < first ? one : { ...one, created: date })),
  });
  const manifest = await writeJson(layout, manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: blob,
    layers: layers.map((layer) => layer.blob),
  });
  await writeIndex(layout, manifest);
  return { ...(await imageIn(layout)), leftOut };
}

/** Compresses a layer into the layout. Its two digests are taken on the way. */
async function copyLayer(
  file: string,
  layout: string,
  epoch: number | undefined,
): Promise<{ blob: Descriptor; diffId: string }> {
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  const temporary = join(layout, 'blobs', 'layer');
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let size = 0;
  const source = createReadStream(file);
  const tar = (await isGzip(file)) ? source.pipe(createGunzip()) : source;
  await pipeline(
    epoch === undefined ? tar : rewriteTimes(tar, epoch),
    passing((chunk) => plain.update(chunk)),
    createGzip({ level: 6 }),
    passing((chunk) => {
      packed.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(temporary),
  );
  const digest = `sha256:${packed.digest('hex')}`;
  await rename(temporary, blobFile(layout, digest));
  return { blob: { mediaType: layerType, digest, size }, diffId: `sha256:${plain.digest('hex')}` };
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

const passing = (look: (chunk: Buffer) => void): Transform =>
  new Transform({
    transform(chunk, _encoding, done) {
      look(chunk);
      done(null, chunk);
    },
  });
