import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { readLayout } from '../../src/images/layout.ts';
import { blobFile } from '../../src/images/layout-folder.ts';
import type { Image } from '../../src/registry/image.ts';
import { findKnownLayers, noteLayersOf } from '../../src/registry/known-layers.ts';
import { type Published, type PublishTarget, publish } from '../../src/registry/publish.ts';
import { test } from '../support/app.ts';
import { open, registryOf } from '../support/images.ts';
import { skopeo } from '../support/skopeo.ts';
import { makeBaseImages } from './base-images.ts';
import { buildFolder, writeFiles } from './build-project.ts';
import { buildahEnvironment } from './buildah.ts';

// A base image's layers are packed and sent once: by buildah for real, into a real registry.

beforeAll(async () => {
  const env = await buildahEnvironment(console.log);
  Object.assign(process.env, env);
  await makeBaseImages(['plain'], env, console.log);
}, 900_000);

const dockerfile = 'FROM localhost/base/plain:1\nCOPY a.txt /\n';
const signal = new AbortController().signal;

interface Made {
  readonly image: Image;
  readonly published: Published;
  /** Whether the base's layer lies in the folder that buildah wrote. */
  readonly exported: boolean;
}

/** Builds a Dockerfile with a text and publishes it, as `paas deploy` does. */
async function make(
  folder: string,
  target: PublishTarget,
  text: string,
  env: { XDG_CACHE_HOME: string },
): Promise<Made> {
  rmSync(folder, { recursive: true, force: true });
  writeFiles(join(folder, 'source'), { Dockerfile: dockerfile, 'a.txt': text });
  const built = await buildFolder(join(folder, 'source'), join(folder, 'image'), {
    find: (diffIds) => findKnownLayers(target, diffIds, env, signal),
  });
  expect(built.problems).toEqual([]);
  const image = await readLayout(built.image!.layout, undefined, built.image!.leftOut);
  const published = await publish(image, target);
  await noteLayersOf(image, target, env);
  const exported = existsSync(blobFile(built.image!.layout, baseOf(image)));
  return { image, published, exported };
}

const baseOf = ({ blobs }: Image): string => blobs[1]!.descriptor.digest;

test('what the registry has is left out, and the image is the same', async ({ makeFolder }) => {
  const { host } = await registryOf();
  const target = { registry: open(host), repository: 'app', tag: '1' };
  const env = { XDG_CACHE_HOME: makeFolder() };
  const folder = makeFolder();
  const first = await make(folder, target, 'one\n', env);
  expect(first).toMatchObject({ exported: true, published: { layers: { pushed: 2 } } });

  const second = await make(folder, target, 'two\n', env);
  expect(second).toMatchObject({ exported: false, published: { layers: { pushed: 1, there: 1 } } });
  expect(baseOf(second.image)).toBe(baseOf(first.image));
  // skopeo reads every layer, unpacks it and checks both of its digests.
  await skopeo('copy', '--src-tls-verify=false', `docker://${host}/app:1`, `docker-archive:${folder}.tar`);
  rmSync(`${folder}.tar`);

  // The digest is that of a build which knows of nothing, and that of the same source before.
  const unknowing = await make(folder, target, 'two\n', { XDG_CACHE_HOME: makeFolder() });
  expect(unknowing).toMatchObject({ exported: true, published: { unchanged: true } });
  const again = await make(folder, target, 'one\n', env);
  expect(again.published.digest).toBe(first.published.digest);
});

test('another app of the same base: its layer is mounted', async ({ makeFolder }) => {
  const server = await registryOf();
  const registry = open(server.host);
  const env = { XDG_CACHE_HOME: makeFolder() };
  await make(makeFolder(), { registry, repository: 'one', tag: '1' }, 'one\n', env);
  const other = await make(makeFolder(), { registry, repository: 'two', tag: '1' }, 'two\n', env);
  expect(other).toMatchObject({ exported: false, published: { layers: { pushed: 1, mounted: 1 } } });
});

test('a layer that the registry lost, and notes that are worth nothing', async ({ makeFolder }) => {
  const storage = makeFolder();
  const target = async () => ({
    registry: open((await registryOf({ storage })).host),
    repository: 'app',
    tag: '1',
  });
  const before = await target();
  const env = { XDG_CACHE_HOME: makeFolder() };
  const first = await make(makeFolder(), before, 'one\n', env);
  const hex = baseOf(first.image).slice('sha256:'.length);
  rmSync(join(storage, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex), { recursive: true });
  rmSync(join(storage, 'docker/registry/v2/repositories/app/_layers/sha256', hex), { recursive: true });
  const after = await make(makeFolder(), before, 'two\n', env);
  expect(after).toMatchObject({ exported: true, published: { layers: { pushed: 2 } } });

  const file = join(env.XDG_CACHE_HOME, 'paas/layers.json');
  for (const broken of ['', '[]', '{"layers":[1,{"registry":"x","packed":{}}]}']) {
    writeFileSync(file, broken);
    expect(await make(makeFolder(), before, `three ${broken.length}\n`, env)).toMatchObject({
      exported: true,
    });
    expect(JSON.parse(readFileSync(file, 'utf8')).layers).toHaveLength(2);
  }
  // Where nothing can be written, nothing is noted, and nobody is troubled with it.
  rmSync(file);
  mkdirSync(file);
  expect(await make(makeFolder(), before, 'four\n', env)).toMatchObject({ exported: true });
});
