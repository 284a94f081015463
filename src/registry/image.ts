import type { FileHandle } from 'node:fs/promises';
import { type Descriptor, digestOf, type Platform } from './oci.ts';
import type { Registry } from './registry.ts';

/** Where the bytes of a blob are. */
export type BlobSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string }
  /** A file that has no name any more. */
  | { readonly kind: 'handle'; readonly handle: FileHandle }
  /** Another registry, or another repository of the same one. */
  | { readonly kind: 'registry'; readonly registry: Registry; readonly repository: string };

export interface Blob {
  readonly descriptor: Descriptor;
  readonly source: BlobSource;
}

/** An image that can be published: its manifest, and what that names. */
export interface Image {
  /** The manifest's own descriptor, with the platform where that is known. */
  readonly descriptor: Descriptor;
  readonly manifest: Uint8Array;
  /** Its configuration and its layers; none for an index. */
  readonly blobs: readonly Blob[];
  /** The images of an index; none for an image. */
  readonly images: readonly Image[];
}

/** A descriptor of a value, and its bytes as JSON. */
export function describe(
  mediaType: string,
  value: object,
  platform?: Platform,
): { readonly descriptor: Descriptor; readonly bytes: Uint8Array } {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    descriptor: {
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
      ...(platform && { platform }),
    },
    bytes,
  };
}
