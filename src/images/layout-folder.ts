import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, digestOf } from '../registry/oci.ts';
import type { BuiltImage } from './build-event.ts';

// An OCI image layout: oci-layout, index.json, blobs/sha256. Source: OCI image specification, image-layout.md.

/** The path of a blob in a layout. */
export const blobFile = (layout: string, digest: string): string =>
  join(layout, 'blobs', ...digest.split(':'));

/** Writes plain data as a blob. */
export async function writeJson(layout: string, mediaType: string, data: unknown): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(data));
  const digest = digestOf(content);
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  await writeFile(blobFile(layout, digest), content);
  return { mediaType, digest, size: content.length };
}

/** Writes what makes a folder of blobs a layout. */
export async function writeIndex(layout: string, image: Descriptor): Promise<void> {
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [image] }));
}

/** The image that a tool wrote into a layout: there is one. */
export async function imageIn(layout: string): Promise<BuiltImage> {
  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as {
    manifests: Descriptor[];
  };
  const [image] = manifests;
  if (!image) throw new Error(`${layout} holds no image`);
  return { layout, digest: image.digest, mediaType: image.mediaType, size: image.size };
}
