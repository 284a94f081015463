import type { Problem } from '../problems/problem.ts';
import type { Blob } from '../registry/image.ts';

/** What a build tells while it runs. */
export type BuildEvent =
  /** An instruction begins. `stage` is its number of `stages`, where the tool says it. */
  | {
      readonly type: 'build-step';
      /** The instruction as it stands in the Dockerfile, on one line. */
      readonly instruction: string;
      readonly step: number | undefined;
      readonly steps: number | undefined;
      readonly stage: string | undefined;
    }
  /** The step that was told last is taken from the cache of the tool. */
  | { readonly type: 'build-cached' }
  /** A line that the tool, or a program that it runs, wrote. */
  | { readonly type: 'build-line'; readonly text: string }
  /** Something that stops nothing and should be read. */
  | { readonly type: 'build-warning'; readonly problem: Problem };

/** An image in a folder of the form that OCI calls an image layout: oci-layout, index.json, blobs/sha256. */
export interface BuiltImage {
  readonly layout: string;
  /** Of the manifest, or of the index of several platforms: `sha256:…`. */
  readonly digest: string;
  /** What the digest is of. */
  readonly mediaType: string;
  /** Bytes of what the digest is of. */
  readonly size: number;
  /** Layers that the image has and the folder hasn't, since the registry has them. */
  readonly leftOut?: readonly Blob[];
}
