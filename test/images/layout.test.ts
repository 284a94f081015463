import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readLayout } from '../../src/images/layout.ts';
import { readBase } from '../../src/registry/base-image.ts';
import { dockerTypes, type Manifest } from '../../src/registry/oci.ts';
import { publish } from '../../src/registry/publish.ts';
import { test } from '../support/app.ts';
import { image, open, platform, registryOf } from '../support/images.ts';
import { skopeo } from '../support/skopeo.ts';

const insecure = ['--tls-verify=false'];
const plainSource = ['--src-tls-verify=false'];

describe('skopeo', () => {
  test('reads an assembled image as it was meant, and every byte of it is right', async ({ makeFolder }) => {
    const server = await registryOf();
    const registry = open(server.host);
    const base = await image([[{ content: randomBytes(10_000), to: '/base' }]]);
    await publish(base.image, { registry, repository: 'base', tag: '1' });
    const made = await image([[{ content: 'a', to: '/app/a' }], [{ content: 'b', to: '/app/b' }]], {
      base: await readBase(registry, 'base', '1', platform),
      start: { env: { A: '1' }, labels: { 'org.opencontainers.image.source': 'https://example.com' } },
    });
    const done = await publish(made.image, { registry, repository: 'app', tag: '1' });
    const seen = JSON.parse(await skopeo('inspect', ...insecure, `docker://${server.host}/app:1`));
    expect(seen).toMatchObject({
      Digest: done.digest,
      Architecture: platform.architecture,
      Os: 'linux',
      Created: '1970-01-01T00:00:00Z',
      Labels: { 'org.opencontainers.image.source': 'https://example.com' },
      Layers: made.image.blobs.slice(1).map(({ descriptor }) => descriptor.digest),
    });
    // A copy reads all layers, and checks what they are before and after they are unpacked.
    const folder = join(makeFolder(), 'layout');
    await skopeo('copy', ...plainSource, `docker://${server.host}/app:1`, `oci:${folder}:app`);
    const copy = await readLayout(folder);
    expect(copy.descriptor.digest).toBe(done.digest);
    await skopeo('copy', ...plainSource, `docker://${server.host}/app:1`, `docker-archive:${folder}.tar`);
  });
});

describe('a folder that a tool has left', () => {
  test('is published, with what it has for several platforms, or by name', async ({ makeFolder }) => {
    const [from, to] = [await registryOf(), await registryOf()];
    const registry = open(to.host);
    const folder = join(makeFolder(), 'layout');
    const source = open(from.host);
    for (const tag of ['one', 'two']) {
      const made = await image([[{ content: tag, to: '/a' }]]);
      await publish(made.image, { registry: source, repository: 'app', tag });
      await skopeo('copy', ...plainSource, `docker://${from.host}/app:${tag}`, `oci:${folder}:${tag}`);
    }
    const two = await readLayout(folder, 'two');
    const done = await publish(two, { registry, repository: 'app', tag: 'two' });
    expect(done).toMatchObject({ digest: two.descriptor.digest, layers: { pushed: 1 } });
    expect((await publish(two, { registry, repository: 'app', tag: 'two' })).unchanged).toBe(true);
    await expect(readLayout(folder, 'three')).rejects.toThrow('it has no image three');
  });

  test('that is broken is one problem', async ({ makeFolder }) => {
    const server = await registryOf();
    const made = await image([[{ content: randomBytes(1000), to: '/a' }]]);
    await publish(made.image, { registry: open(server.host), repository: 'app', tag: '1' });
    const [, layer] = made.image.blobs;
    const copy = async (): Promise<string> => {
      const folder = join(makeFolder(), 'layout');
      await skopeo('copy', ...plainSource, `docker://${server.host}/app:1`, `oci:${folder}:app`);
      return folder;
    };
    const path = (folder: string, digest: string): string => join(folder, 'blobs', ...digest.split(':'));
    const short = await copy();
    truncateSync(path(short, layer!.descriptor.digest), 10);
    await expect(readLayout(short)).rejects.toThrow('has another size');
    const gone = await copy();
    rmSync(path(gone, layer!.descriptor.digest));
    await expect(readLayout(gone)).rejects.toThrow('is missing');
    const other = await copy();
    writeFileSync(path(other, made.image.descriptor.digest), '{}');
    await expect(readLayout(other)).rejects.toThrow('has another content');
    await expect(readLayout(makeFolder())).rejects.toThrow("can't be read: oci-layout is missing.");
  });
});

test("an image of Docker's own kind is a base like any other", async ({ makeFolder }) => {
  const server = await registryOf();
  const registry = open(server.host);
  const made = await image([[{ content: randomBytes(1000), to: '/a' }]]);
  await publish(made.image, { registry, repository: 'oci', tag: '1' });
  await skopeo(
    'copy',
    '--format=v2s2',
    ...plainSource,
    '--dest-tls-verify=false',
    `docker://${server.host}/oci:1`,
    `docker://${server.host}/docker:1`,
  );
  const base = await readBase(registry, 'docker', '1', platform);
  expect(base.layers[0]!.mediaType).toBe(dockerTypes.layer);
  const app = await image([[{ content: 'app', to: '/app' }]], { base });
  await publish(app.image, { registry, repository: 'app', tag: '1' });
  const manifest = JSON.parse(Buffer.from(app.image.manifest).toString()) as Manifest;
  expect(new Set(manifest.layers.map(({ mediaType }) => mediaType)).size).toBe(1);
  const folder = join(makeFolder(), 'layout');
  await skopeo('copy', ...plainSource, `docker://${server.host}/app:1`, `oci:${folder}:app`);
  expect(existsSync(join(folder, 'index.json')) && readdirSync(folder).length).toBeGreaterThan(2);
  expect(readFileSync(join(folder, 'oci-layout'), 'utf8')).toContain('1.0.0');
});
