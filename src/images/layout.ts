import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../problems/problem.ts';
import { imageLayoutBroken } from '../problems/registry.ts';
import { type Blob, describe, type Image } from '../registry/image.ts';
import {
  type Descriptor,
  digestOf,
  type Index,
  indexType,
  isIndex,
  type Manifest,
  manifestTypes,
} from '../registry/oci.ts';

/**
 * Reads the image that a tool has left in a folder, an OCI image layout. Where there are several, `name` says which
 * one (the annotation `org.opencontainers.image.ref.name`); without it they must be one image for several platforms.
 * The layers are not read: a registry checks their digests; `leftOut` are those that aren't in the folder. Throws a PaasError where the folder is no such thing.
 * Source: image-spec, image-layout.md.
 */
export async function readLayout(
  folder: string,
  name?: string,
  leftOut: readonly Blob[] = [],
): Promise<Image> {
  const { imageLayoutVersion } = await readJson<{ imageLayoutVersion?: string }>(folder, 'oci-layout');
  if (!imageLayoutVersion?.startsWith('1.'))
    fail(imageLayoutBroken(folder, 'oci-layout has another version'));
  const { manifests } = await readJson<Partial<Index>>(folder, 'index.json');
  if (!Array.isArray(manifests)) fail(imageLayoutBroken(folder, 'index.json lists no manifests'));
  const all = manifests as readonly Descriptor[];
  const wanted =
    name === undefined
      ? all
      : all.filter(({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === name);
  const [first] = wanted;
  if (!first) fail(imageLayoutBroken(folder, name ? `it has no image ${name}` : 'it has no image'));
  if (wanted.length === 1) return readImage(folder, withoutName(first), leftOut);
  if (!wanted.every(({ platform }) => platform)) fail(imageLayoutBroken(folder, 'it has several images'));
  const images = await Promise.all(wanted.map((one) => readImage(folder, withoutName(one), leftOut)));
  const index = { schemaVersion: 2, mediaType: indexType, manifests: images.map((one) => one.descriptor) };
  const { descriptor, bytes } = describe(indexType, index);
  return { descriptor, manifest: bytes, blobs: [], images };
}

/** What an image is called in the folder is nothing that its users should see. */
function withoutName({ mediaType, digest, size, platform }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...(platform && { platform }) };
}

async function readImage(folder: string, descriptor: Descriptor, leftOut: readonly Blob[]): Promise<Image> {
  const { mediaType, digest } = descriptor;
  if (!manifestTypes.includes(mediaType))
    fail(imageLayoutBroken(folder, `${digest} is of the type ${mediaType}`));
  const manifest = await readPart(folder, pathOf(folder, digest));
  if (digestOf(manifest) !== digest) fail(imageLayoutBroken(folder, `${digest} has another content`));
  const value = parse<Manifest & Index>(folder, digest, manifest);
  if (isIndex(mediaType)) {
    const images = await Promise.all((value.manifests ?? []).map((one) => readImage(folder, one, leftOut)));
    return { descriptor, manifest, blobs: [], images };
  }
  const parts = [value.config, ...(value.layers ?? [])];
  const blobs = parts.map((one) => {
    if (!one?.digest) fail(imageLayoutBroken(folder, `${digest} names no configuration`));
    const file = { kind: 'file', path: join(folder, pathOf(folder, one.digest)) } as const;
    const elsewhere = leftOut.find((blob) => blob.descriptor.digest === one.digest);
    return { descriptor: one, source: elsewhere?.source ?? file };
  });
  for (const { descriptor: part, source } of blobs) {
    if (source.kind !== 'file') continue;
    const found = await stat(source.path).catch(() => undefined);
    if (!found && part.urls?.length) continue;
    if (found?.size !== part.size) {
      fail(imageLayoutBroken(folder, `${part.digest} ${found ? 'has another size' : 'is missing'}`));
    }
  }
  return { descriptor, manifest, blobs, images: [] };
}

function pathOf(folder: string, digest: string): string {
  // A digest becomes a path: it must not lead anywhere else.
  if (!/^sha(256|512):[a-f0-9]{64,128}$/.test(digest))
    fail(imageLayoutBroken(folder, `${digest} is no digest`));
  return join('blobs', ...digest.split(':'));
}

async function readJson<T>(folder: string, file: string): Promise<T> {
  return parse<T>(folder, file, await readPart(folder, file));
}

async function readPart(folder: string, file: string): Promise<Buffer> {
  return readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) =>
    fail(imageLayoutBroken(folder, `${file} ${error.code === 'ENOENT' ? 'is missing' : error.message}`)),
  );
}

function parse<T>(folder: string, file: string, bytes: Uint8Array): T {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as T | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  return fail(imageLayoutBroken(folder, `${file} is no JSON object`));
}
