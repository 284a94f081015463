import type { BaseImage } from '../registry/base-image.ts';
import { describe, type Image } from '../registry/image.ts';
import {
  configType,
  dockerTypes,
  type HistoryEntry,
  type ImageConfig,
  indexType,
  layerType,
  type Manifest,
  manifestType,
  type Platform,
  type RunConfig,
} from '../registry/oci.ts';
import type { LayerSource } from './layer-entries.ts';
import { type PackedLayer, packLayer } from './pack-layer.ts';

/** How an image that is assembled is started. What is left out is the base image's. */
export interface StartOptions {
  /** Joined with the base image's, name by name. */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes the place of the base image's, and of its command, as in a Dockerfile. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDir?: string;
  /** In numbers, since Kubernetes can tell only of these whether they are root. */
  readonly user?: string;
  readonly ports?: readonly number[];
  /**
   * `org.opencontainers.image.source` and the like. A label that changes with each commit
   * (`org.opencontainers.image.revision`) gives another digest, and so another deploy, for the same files.
   */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AssembleOptions {
  /** None for programs that need nothing but themselves. */
  readonly base?: BaseImage | undefined;
  readonly platform: Platform;
  readonly layers: readonly LayerSource[];
  readonly start: StartOptions;
  /** When it was made, in seconds since 1970: see `createdAt`. */
  readonly created?: number;
  readonly onEvent?: (event: AssembleEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

export type AssembleEvent =
  | { readonly type: 'packing'; readonly layer: string }
  | {
      readonly type: 'packed';
      readonly layer: string;
      readonly digest: string;
      readonly files: number;
      /** Of the files, and of the layer. */
      readonly bytes: number;
      readonly size: number;
    };

export interface Assembled {
  readonly image: Image;
  readonly layers: readonly PackedLayer[];
  /** Gives the room on the disk back. Also done when the process ends, in whatever way. */
  readonly close: () => Promise<void>;
}

/** A user that is nobody and has no rights, as distroless images have it. */
const nobody = '65532:65532';

/**
 * Makes an image of files: the base image's layers, which stay where they are until it is published, and a layer of
 * each source. No program and no daemon is needed, and nothing is run. The same files give the same digest. Throws a
 * PaasError for files that can't be read.
 */
export async function assemble(options: AssembleOptions): Promise<Assembled> {
  const { base, platform, layers, start, created = 0, onEvent, signal } = options;
  const packed: PackedLayer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(packed.map(({ handle }) => handle.close()));
  };
  try {
    for (const source of layers) {
      onEvent?.({ type: 'packing', layer: source.name });
      const layer = await packLayer(source, base === undefined, signal);
      packed.push(layer);
      const { name, files, bytes, blob } = layer;
      const { digest, size } = blob.descriptor;
      onEvent?.({ type: 'packed', layer: name, digest, files, bytes, size });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const config = describe(configType, configOf(base, platform, packed, start, created));
  const baseLayers = (base?.layers ?? []).map((layer) => ({ ...layer, mediaType: asOci(layer.mediaType) }));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: config.descriptor,
    layers: [...baseLayers, ...packed.map(({ blob }) => blob.descriptor)],
  };
  const { descriptor, bytes } = describe(manifestType, manifest, platform);
  const image: Image = {
    descriptor,
    manifest: bytes,
    blobs: [
      { descriptor: config.descriptor, source: { kind: 'bytes', bytes: config.bytes } },
      ...baseLayers.map((layer) => ({
        descriptor: layer,
        source: { kind: 'registry', registry: base!.registry, repository: base!.repository } as const,
      })),
      ...packed.map(({ blob }) => blob),
    ],
    images: [],
  };
  return { image, layers: packed, close };
}

/** Several images, each for another platform, under one name. */
export function indexOf(images: readonly Image[]): Image {
  const manifests = images.map(({ descriptor }) => descriptor);
  const { descriptor, bytes } = describe(indexType, { schemaVersion: 2, mediaType: indexType, manifests });
  return { descriptor, manifest: bytes, blobs: [], images };
}

/**
 * The time that an image says it was made at: that of SOURCE_DATE_EPOCH, else 1970, since with the true one no two
 * would be alike. Source: reproducible-builds.org/specs/source-date-epoch.
 */
export function createdAt(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.SOURCE_DATE_EPOCH ?? '';
  return /^\d{1,11}$/.test(text) ? Number(text) : 0;
}

function configOf(
  base: BaseImage | undefined,
  { os, architecture, variant }: Platform,
  packed: readonly PackedLayer[],
  start: StartOptions,
  created: number,
): ImageConfig {
  const time = new Date(created * 1000).toISOString().replace('.000Z', 'Z');
  const history = packed.map(({ name }): HistoryEntry => ({ created: time, created_by: `paas: ${name}` }));
  return {
    created: time,
    architecture,
    os,
    ...(variant && { variant }),
    config: runConfigOf(base?.config.config ?? {}, start),
    rootfs: {
      type: 'layers',
      diff_ids: [...(base?.config.rootfs.diff_ids ?? []), ...packed.map(({ diffId }) => diffId)],
    },
    history: [...(base?.config.history ?? []), ...history],
  };
}

function runConfigOf(base: RunConfig, start: StartOptions): RunConfig {
  const { entrypoint, ports = [], labels = {} } = start;
  const command = start.command ?? (entrypoint ? undefined : base.Cmd);
  const kept = entrypoint ?? base.Entrypoint;
  const exposed = Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}]));
  const allLabels = { ...base.Labels, ...labels };
  const allPorts = { ...base.ExposedPorts, ...exposed };
  const workingDir = start.workingDir ?? base.WorkingDir;
  return {
    ...base,
    User: start.user ?? (isPlainNumber(base.User) ? base.User! : nobody),
    Env: joinEnv(
      base.Env ?? ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      start.env,
    ),
    ...(kept && { Entrypoint: kept }),
    ...withCommand(command),
    ...(workingDir && { WorkingDir: workingDir }),
    ...(Object.keys(allPorts).length > 0 && { ExposedPorts: sorted(allPorts) }),
    ...(Object.keys(allLabels).length > 0 && { Labels: sorted(allLabels) }),
  };
}

/** Null says that there is none: else that of the base would stay. */
function withCommand(command: readonly string[] | null | undefined): Pick<RunConfig, 'Cmd'> {
  return { Cmd: command ?? null };
}

/** Whether a user is a number, and not root's. */
function isPlainNumber(user: string | undefined): boolean {
  return /^[1-9]\d*(:\d+)?$/.test(user ?? '');
}

function joinEnv(base: readonly string[], env: Readonly<Record<string, string>> = {}): string[] {
  const all = new Map(base.map((line) => [line.slice(0, line.indexOf('=')), line]));
  for (const [name, value] of Object.entries(env)) all.set(name, `${name}=${value}`);
  return [...all.values()];
}

function sorted<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Docker's layers are the same under another name; a manifest should not mix them. */
function asOci(mediaType: string): string {
  return mediaType === dockerTypes.layer ? layerType : mediaType;
}
