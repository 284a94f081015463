import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { indexOf } from '../../src/images/assemble.ts';
import { readBase } from '../../src/registry/base-image.ts';
import { getBlob } from '../../src/registry/blobs.ts';
import { getManifest } from '../../src/registry/manifests.ts';
import { type PublishEvent, publish } from '../../src/registry/publish.ts';
import { resolveDigest } from '../../src/registry/resolve-digest.ts';
import { test } from '../support/app.ts';
import { fill, image, open, platform, registryOf } from '../support/images.ts';

describe('publishing', () => {
  test('once, again, and after a line was changed', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { 'deps/d.bin': randomBytes(200_000), 'app.js': '1' });
    const layers = [
      [{ root, from: 'deps', to: '/app/deps' }],
      [{ root, from: '.', to: '/app', exclude: ['deps'] }],
    ];
    const server = await registryOf();
    const target = { registry: open(server.host), repository: 'team/app', tag: '1' };
    const first = await publish((await image(layers)).image, target);
    expect(first).toMatchObject({ layers: { pushed: 2, mounted: 0, there: 0 }, unchanged: false });
    expect(first.bytes).toBeGreaterThan(200_000);
    expect(first.reference).toBe(`${server.host}/team/app@${first.digest}`);

    const before = (await server.requests()).length;
    const again = await publish((await image(layers)).image, target);
    expect(again).toEqual({
      ...first,
      layers: { pushed: 0, mounted: 0, there: 2 },
      bytes: 0,
      unchanged: true,
    });
    // Nothing but the question whether it is there.
    expect((await server.requests()).slice(before)).toEqual(['HEAD /v2/team/app/manifests/1']);

    writeFileSync(join(root, 'app.js'), '2');
    const events: PublishEvent[] = [];
    const changed = await publish((await image(layers)).image, target, {
      onEvent: (one) => events.push(one),
    });
    expect(changed).toMatchObject({ layers: { pushed: 1, mounted: 0, there: 1 }, unchanged: false });
    expect(changed.digest).not.toBe(first.digest);
    expect(changed.bytes).toBeLessThan(2_000);
    const states = events.flatMap((one) => (one.type === 'layer' ? [one.state] : []));
    expect(states.sort()).toEqual(['pushed', 'pushing', 'there']);
    const sent = events.findLast((one) => one.type === 'bytes')!;
    expect(sent).toMatchObject({ type: 'bytes', sent: 'size' in sent ? sent.size : -1 });

    // Another name for what is there costs one small request that writes.
    const count = (await server.requests()).length;
    const renamed = await publish((await image(layers)).image, { ...target, tag: '2' });
    expect(renamed).toMatchObject({ digest: changed.digest, layers: { pushed: 0, there: 2 }, bytes: 0 });
    const asked = (await server.requests()).slice(count);
    expect(asked.filter((one) => !one.startsWith('HEAD'))).toEqual(['PUT /v2/team/app/manifests/2']);
  });

  test('under no tag but its digest, in chunks', async () => {
    const server = await registryOf();
    const registry = open(server.host);
    const made = await image([[{ content: randomBytes(300_000), to: '/a' }]]);
    const done = await publish(made.image, { registry, repository: 'app' }, { chunkSize: 100_000 });
    expect(done.digest).toBe(made.image.descriptor.digest);
    expect((await server.requests()).filter((one) => one.startsWith('PATCH')).length).toBe(4);
    expect(await resolveDigest(registry, { path: 'app', digest: done.digest })).toMatchObject({
      state: 'found',
    });
    expect((await publish(made.image, { registry, repository: 'app' })).unchanged).toBe(true);
  });

  test('several platforms under one name', async () => {
    const server = await registryOf();
    const registry = open(server.host);
    const shared = [{ content: 'the same for both', to: '/shared' }];
    const arm = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    const amd = { os: 'linux', architecture: 'amd64' };
    const images = [
      await image([shared, [{ content: 'amd', to: '/app' }]], { platform: amd }),
      await image([shared, [{ content: 'arm', to: '/app' }]], { platform: arm }),
    ];
    const index = indexOf(images.map((one) => one.image));
    const done = await publish(index, { registry, repository: 'app', tag: 'multi' });
    expect(done.layers).toEqual({ pushed: 3, mounted: 0, there: 0 });
    const platforms = ['linux/amd64', 'linux/arm64/v8'];
    const found = { state: 'found', digest: index.descriptor.digest, platforms };
    expect(await resolveDigest(registry, { path: 'app', tag: 'multi' }, { platforms: true })).toEqual(found);
    const base = await readBase(registry, 'app', 'multi', { os: 'linux', architecture: 'arm64' });
    expect(base.digest).toBe(images[1]!.image.descriptor.digest);
    await expect(readBase(registry, 'app', 'multi', { os: 'linux', architecture: 's390x' })).rejects.toThrow(
      `The image ${server.host}/app:multi isn't there for linux/s390x; it is for linux/amd64, linux/arm64/v8.`,
    );
  });

  test('one that is cancelled ends at once, and what was there stays', async () => {
    const server = await registryOf();
    const registry = open(server.host);
    const made = await image([[{ content: randomBytes(4_000_000), to: '/a' }]]);
    const stop = new AbortController();
    const attempt = publish(
      made.image,
      { registry, repository: 'app', tag: '1' },
      { signal: stop.signal, onEvent: (event) => event.type === 'bytes' && stop.abort(new Error('enough')) },
    );
    await expect(attempt).rejects.toThrow('enough');
    expect(await resolveDigest(registry, { path: 'app', tag: '1' })).toMatchObject({ state: 'absent' });
    await publish(made.image, { registry, repository: 'app', tag: '1' });
  });
});

describe('on a base image', () => {
  test('its layers are mounted within a registry, and copied from another one', async () => {
    const [near, far] = [await registryOf(), await registryOf()];
    const content = randomBytes(3_000_000);
    const base = await image([[{ content, to: '/lib/base' }]], {
      start: { env: { LANG: 'C', KEEP: '1' }, command: ['sh'], user: '1000:1000', labels: { of: 'base' } },
    });
    for (const { host } of [near, far]) {
      await publish(base.image, { registry: open(host), repository: 'library/base', tag: '1' });
    }
    const app = async (host: string): ReturnType<typeof image> =>
      image([[{ content: 'app', to: '/app/app' }]], {
        base: await readBase(open(host), 'library/base', '1', platform),
        start: { env: { LANG: 'C.UTF-8' }, command: ['/app/app'], ports: [80] },
      });

    const mounted = await publish((await app(near.host)).image, {
      registry: open(near.host),
      repository: 'app',
      tag: '1',
    });
    expect(mounted.layers).toEqual({ pushed: 1, mounted: 1, there: 0 });
    const copied = await publish((await app(far.host)).image, {
      registry: open(near.host),
      repository: 'other',
      tag: '1',
    });
    expect(copied.digest).toBe(mounted.digest);
    expect(copied.layers).toEqual({ pushed: 2, mounted: 0, there: 0 });
    expect(copied.bytes).toBeGreaterThan(3_000_000);

    const registry = open(near.host);
    const found = await getManifest(registry, 'other', '1');
    const manifest = JSON.parse(Buffer.from(found!.bytes).toString());
    const config = JSON.parse(Buffer.from(await getBlob(registry, 'other', manifest.config)).toString());
    expect(config.config).toEqual({
      User: '1000:1000',
      Env: [expect.stringContaining('PATH='), 'LANG=C.UTF-8', 'KEEP=1'],
      Cmd: ['/app/app'],
      ExposedPorts: { '80/tcp': {} },
      Labels: { of: 'base' },
    });
    expect(config.rootfs.diff_ids).toHaveLength(2);
    expect(config.history).toHaveLength(2);
    expect(Buffer.from(await getBlob(registry, 'other', manifest.layers[0])).length).toBe(
      base.image.blobs[1]!.descriptor.size,
    );
  });

  test('a base for another platform, or none, is said', async () => {
    const registry = open((await registryOf()).host);
    await expect(readBase(registry, 'base', '1', platform)).rejects.toThrow(
      `There is no image ${registry.host}/base:1 in its registry.`,
    );
    const other = { os: 'linux', architecture: 'riscv64' };
    const base = await image([[{ content: 'x', to: '/x' }]], { platform: other });
    await publish(base.image, { registry, repository: 'base', tag: '1' });
    await expect(readBase(registry, 'base', '1', platform)).rejects.toThrow('it is for linux/riscv64');
  });
});

test('an image that was lost of its registry comes again', async ({ makeFolder }) => {
  const storage = makeFolder();
  const server = await registryOf({ storage });
  const registry = open(server.host);
  const made = await image([[{ content: 'a', to: '/a' }]]);
  const target = { registry, repository: 'app', tag: '1' };
  await publish(made.image, target);
  rmSync(join(storage, 'docker'), { recursive: true });
  expect(await publish(made.image, target)).toMatchObject({ layers: { pushed: 1 }, unchanged: false });
});
