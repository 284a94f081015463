import type { Runtime } from '../catalog/runtime.ts';
import type { Place } from '../problems/problem.ts';
import type { Image } from '../registry/image.ts';
import type { FindLayers } from './leave-out.ts';
import type { BaseImages } from './recipe-for.ts';

/** Where paas.yaml says what of a build. */
export interface BuildPlaces {
  readonly build?: Place | undefined;
  readonly context?: Place | undefined;
  readonly dockerfile?: Place | undefined;
  readonly args?: Place | undefined;
}

export interface MakeOptions {
  /** The folder of paas.yaml, and the one that files are shown from. */
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtimes: readonly Runtime[];
  /** The folder of this program, in which its own recipes lie. */
  readonly programRoot: string;
  readonly baseImages: BaseImages;
  /** Registries that are reached without TLS. */
  readonly plainHttp: ReadonlySet<string>;
  /** Where the build says none: `linux/amd64`. */
  readonly platform: string;
  /** Whether the dependencies are looked at before. */
  readonly check: boolean;
  /** Which layers the registry has that the image goes to; none where it is left out. */
  readonly find?: FindLayers;
  readonly signal: AbortSignal;
}

/** An image that was made and can be published; `close` gives back what it takes on the disk. */
export interface MadeImage {
  readonly image: Image;
  /** How: `buildah`, or `paas` itself. */
  readonly by: string;
  readonly close: () => Promise<void>;
}
