import type { Cluster } from '../cluster/cluster.ts';
import { nodePlatform } from '../cluster/node-platform.ts';
import { type ImageInputs, noImages } from '../deploy/settle-images.ts';
import type { Event } from '../events.ts';
import type { PinnedImages } from '../images/pin-images.ts';
import type { LoadedApp } from '../pipeline/load-app.ts';
import { orderImages, plainHttpRegistries } from '../pipeline/order-images.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';

export interface PrepareOptions {
  readonly file: string;
  readonly cwd: string;
  /** The folder of this program. */
  readonly root: string;
  readonly registry: string | undefined;
  /** Whether the dependencies are looked at before a build. */
  readonly check: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The images of an app, ready to be deployed: what the file builds is built and published, tags become digests. */
export async function* prepareImages(
  loaded: LoadedApp,
  cluster: Cluster,
  options: PrepareOptions,
): AsyncGenerator<Event, ImageInputs> {
  const { env, signal, root, registry } = options;
  const ordered = await orderImages(loaded, options, root, { said: registry, env });
  const { inputs: pinned, told } = await pin(loaded, options);
  if (told) yield told;
  if (!ordered) return pinned;
  const { makeImages } = await import('../images/make-images.ts');
  const platform = (await nodePlatform({ ...cluster, signal })) ?? thisPlatform();
  const built = yield* makeImages(ordered.orders, {
    ...ordered.options,
    check: options.check,
    platform,
    signal,
  });
  return { ...pinned, known: { ...pinned.known, ...built } };
}

/** The same without building anything: what is built stays as it is deployed. */
export async function lookAtImages(
  loaded: LoadedApp,
  options: Pick<PrepareOptions, 'env' | 'signal'>,
): Promise<Looked> {
  const { inputs: pinned, told } = await pin(loaded, options);
  const assumed = Object.entries(assumedInputs(loaded.app).inputs.images ?? {});
  const open = Object.fromEntries(assumed.map(([name, reference]) => [name, { reference, any: true }]));
  return { inputs: { ...pinned, open: { ...pinned.open, ...open } }, told };
}

interface Looked {
  readonly inputs: ImageInputs;
  /** What was asked of registries; undefined where nothing was. */
  readonly told: PinnedImages | undefined;
}

async function pin(
  loaded: LoadedApp,
  { env, signal }: Pick<PrepareOptions, 'env' | 'signal'>,
): Promise<Looked> {
  const said = loaded.app.components.filter(({ image }) => image !== '');
  if (said.length === 0) return { inputs: noImages, told: undefined };
  const { pinImages } = await import('../images/pin-images.ts');
  const plainHttp = plainHttpRegistries(loaded);
  const references = said.map(({ image }) => image);
  const told = await pinImages(references, { env, plainHttp, signal });
  const known: Record<string, string> = {};
  const open: Record<string, { reference: string; any: boolean }> = {};
  for (const { name, image } of said) {
    const pinned = told.resolved[image];
    if (pinned !== undefined) known[name] = pinned;
    else open[name] = { reference: image, any: false };
  }
  return { inputs: { known, open }, told };
}

/** What images are built for where nothing else tells it. */
function thisPlatform(): string {
  return `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
