import type { Event } from '../events.ts';
import type { Build } from '../model/app.ts';
import { readImageReference } from '../plan/image-reference.ts';
import { builtImageName } from '../plan/names.ts';
import { connectRegistry } from '../registry/connect-registry.ts';
import type { Image } from '../registry/image.ts';
import { findKnownLayers, noteLayersOf } from '../registry/known-layers.ts';
import { headManifest } from '../registry/manifests.ts';
import { type PublishEvent, type Published, publish } from '../registry/publish.ts';
import { closeRegistry, type Registry } from '../registry/registry.ts';
import type { BuildEvent } from './build-event.ts';
import { makeImage } from './make-image.ts';
import type { BuildPlaces, MadeImage, MakeOptions } from './make-options.ts';

/** What is built for a component. */
export interface ImageOrder {
  readonly component: string;
  readonly build: Build;
  readonly at: BuildPlaces;
}

export interface MakeImagesOptions extends MakeOptions {
  readonly app: string;
  /** Where the images go: `registry.example.com/team`. */
  readonly registry: string;
}

/**
 * Builds and publishes what components are built of, and gives their images by component, by digest. Components that
 * are built of the same are one image. Throws a PaasError; the registry is asked before anything is built.
 */
export async function* makeImages(
  orders: readonly ImageOrder[],
  options: MakeImagesOptions,
): AsyncGenerator<Event, Readonly<Record<string, string>>> {
  const references: Record<string, string> = {};
  const groups = [...Map.groupBy(orders, ({ build }) => JSON.stringify(build)).values()];
  const targets = await openTargets(groups, options);
  try {
    for (const [index, group] of groups.entries()) {
      const reference = yield* makeOne(group, targets[index]!, options);
      for (const { component } of group) references[component] = reference;
    }
  } finally {
    await Promise.all(targets.map(({ registry }) => closeRegistry(registry)));
  }
  return references;
}

interface Target {
  readonly registry: Registry;
  readonly repository: string;
}

/** Asks for each repository whether one may push to it: a login that is missing is told before a long build. */
async function openTargets(
  groups: readonly (readonly ImageOrder[])[],
  { app, registry, env, plainHttp, signal }: MakeImagesOptions,
): Promise<Target[]> {
  return Promise.all(
    groups.map(async ([first]) => {
      const { registry: host, path } = readImageReference(builtImageName(registry, app, first!.component));
      const opened = await connectRegistry(host, path, {
        env,
        plainHttp: plainHttp.has(host) || undefined,
        signal,
      });
      await headManifest(opened, path, 'latest', signal, true);
      return { registry: opened, repository: path };
    }),
  );
}

async function* makeOne(
  group: readonly ImageOrder[],
  target: Target,
  options: MakeImagesOptions,
): AsyncGenerator<Event, string> {
  const { build, at } = group[0]!;
  const components = group.map(({ component }) => component);
  const begun = performance.now();
  const { env, signal } = options;
  const making = makeImage(build, at, {
    ...options,
    find: (diffIds) => findKnownLayers(target, diffIds, env, signal),
  });
  let next = await making.next();
  for (; !next.done; next = await making.next()) yield buildEvent(components, next.value);
  const made: MadeImage = next.value;
  try {
    const published = yield* publishing(made.image, target, components, signal);
    await noteLayersOf(made.image, target, env);
    const { layers, bytes, reference } = published;
    yield {
      type: 'build_image',
      components,
      image: reference,
      by: made.by,
      layers,
      bytes,
      seconds: Math.round((performance.now() - begun) / 100) / 10,
    };
    return reference;
  } finally {
    await made.close();
  }
}

function buildEvent(components: readonly string[], event: BuildEvent): Event {
  switch (event.type) {
    case 'build-step': {
      const { instruction, step, steps, stage } = event;
      return {
        type: 'build_step',
        components,
        instruction,
        ...(step !== undefined && { step }),
        ...(steps !== undefined && { steps }),
        ...(stage !== undefined && { stage }),
      };
    }
    case 'build-cached':
      return { type: 'build_cached', components };
    case 'build-line':
      return { type: 'build_line', components, text: event.text };
    case 'build-warning':
      return { type: 'warning', message: event.problem.message };
  }
}

/** Publishes, and tells how far it is. A tag made of the digest keeps the image from being cleaned away. */
async function* publishing(
  image: Image,
  { registry, repository }: Target,
  components: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Event, Published> {
  const queue: Event[] = [];
  let wake = (): void => {};
  const sent = new Map<string, number>();
  const onEvent = (event: PublishEvent): void => {
    if (event.type === 'bytes') sent.set(event.digest, event.sent);
    else if (event.type === 'layer' && event.state === 'pushing') sent.set(event.digest, 0);
    else return;
    const total = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    queue.splice(0, queue.length, { type: 'build_push', components, bytes: total });
    wake();
  };
  const tag = `sha-${image.descriptor.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  let done = false;
  const published = publish(image, { registry, repository, tag }, { onEvent, signal }).finally(() => {
    done = true;
    wake();
  });
  published.catch(() => {});
  while (!done) {
    const event = queue.shift();
    if (event) yield event;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (done) resolve();
      });
  }
  return published;
}
