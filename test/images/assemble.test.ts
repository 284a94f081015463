import { appendFileSync, chmodSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { type AssembleOptions, assemble, createdAt, indexOf } from '../../src/images/assemble.ts';
import { neverNeeded, readIgnoreFile } from '../../src/images/ignore.ts';
import type { LayerPart } from '../../src/images/layer-entries.ts';
import { readBlobBytes } from '../../src/registry/blob-bytes.ts';
import type { Image } from '../../src/registry/image.ts';
import { digestOf, type ImageConfig, type Manifest } from '../../src/registry/oci.ts';
import { openRegistry } from '../../src/registry/registry.ts';
import { test } from '../support/app.ts';
import { fill } from '../support/images.ts';

const platform = { os: 'linux', architecture: 'amd64' };

async function make(parts: readonly LayerPart[], more: Partial<AssembleOptions> = {}): Promise<Made> {
  const assembled = await assemble({ platform, layers: [{ name: 'app', parts }], start: {}, ...more });
  const config = assembled.image.blobs[0]!;
  const made = {
    image: assembled.image,
    digest: assembled.image.descriptor.digest,
    manifest: JSON.parse(Buffer.from(assembled.image.manifest).toString()) as Manifest,
    config: JSON.parse((await bytesOf(config)).toString()) as ImageConfig,
    layers: await Promise.all(assembled.layers.map(({ blob }) => bytesOf(blob))),
    diffIds: assembled.layers.map(({ diffId }) => diffId),
  };
  await assembled.close();
  return made;
}

interface Made {
  readonly image: Image;
  readonly digest: string;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  readonly layers: readonly Buffer[];
  readonly diffIds: readonly string[];
}

async function bytesOf(blob: Image['blobs'][number]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(readBlobBytes(blob, 0, blob.descriptor.size)));
}

/** What the system's own tar reads in a layer, a line each: rights, owner, size, time, name. */
async function list(layer: Buffer): Promise<string[]> {
  const { stdout } = await execa(
    'tar',
    ['-tvzf', '-', '--numeric-owner', '--full-time', '--utc', '--quoting-style=literal'],
    {
      input: layer,
    },
  );
  return stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
}

const names = async (layer: Buffer): Promise<string[]> =>
  (await list(layer)).map((line) => line.split(' ').slice(5).join(' '));

describe('a layer', () => {
  test('is read by tar as it should be', async ({ makeFolder }) => {
    const root = fill(makeFolder(), {
      'run.sh': '#!/bin/sh\n',
      'lib/b.txt': 'b',
      'lib/a.txt': 'aa',
      current: '->lib/a.txt',
      outside: '->/etc/passwd',
      empty: '',
    });
    chmodSync(join(root, 'run.sh'), 0o4711);
    chmodSync(join(root, 'lib/b.txt'), 0o600);
    const { layers } = await make([{ root, from: '.', to: '/app' }]);
    expect(await list(layers[0]!)).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00:01 app/',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00:01 app/current -> lib/a.txt',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00:01 app/empty',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00:01 app/lib/',
      '-rw-r--r-- 0/0 2 1970-01-01 00:00:01 app/lib/a.txt',
      '-rw-r--r-- 0/0 1 1970-01-01 00:00:01 app/lib/b.txt',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00:01 app/outside -> /etc/passwd',
      '-rwxr-xr-x 0/0 10 1970-01-01 00:00:01 app/run.sh',
    ]);
  });

  test('has files with long names, names in any language, and of any size', async ({ makeFolder }) => {
    const long = `${'deep/'.repeat(40)}${'n'.repeat(150)}.txt`;
    const root = fill(makeFolder(), {
      [long]: 'long',
      'grüße/日本語.txt': 'hi',
      [`${'x'.repeat(99)}`]: 'just',
      [`${'y'.repeat(100)}`]: 'over',
      'a link': `->${'../'.repeat(60)}target`,
      'line\nbreak': '1',
      block: Buffer.alloc(512, 1),
      more: Buffer.alloc(513, 1),
      large: Buffer.alloc(1_000_001, 7),
    });
    const { layers } = await make([{ root, from: '.', to: '/' }]);
    const out = makeFolder();
    await execa('tar', ['-xzf', '-', '-C', out], { input: layers[0]! });
    const { stdout } = await execa('diff', ['-r', '--no-dereference', root, out], { reject: false });
    expect(stdout).toBe('');
    expect(readFileSync(join(out, long), 'utf8')).toBe('long');
    expect(readdirSync(out).sort()).toEqual(readdirSync(root).sort());
  });

  test('its digests are those of its bytes', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { a: 'a' });
    const { layers, manifest, config, diffIds } = await make([{ root, from: '.', to: '/app' }]);
    expect(digestOf(layers[0]!)).toBe(manifest.layers[0]!.digest);
    expect(layers[0]!.length).toBe(manifest.layers[0]!.size);
    expect(digestOf(gunzipSync(layers[0]!))).toBe(diffIds[0]);
    expect(config.rootfs.diff_ids).toEqual(diffIds);
    // Neither the time nor the system that packed it (RFC 1952, MTIME and OS).
    expect([...layers[0]!.subarray(4, 8), layers[0]![9]]).toEqual([0, 0, 0, 0, 255]);
  });

  test('leaves out what is ignored, and keeps what is taken back', async ({ makeFolder }) => {
    const root = fill(makeFolder(), {
      '.dockerignore': '# comment\n*.log\n!keep.log\nbuild/\n!build/public\n  tmp/**  \n',
      '.git/HEAD': 'ref',
      '.paas/clusters.yaml': '',
      'paas.yaml': 'app: x',
      '.env': 'SECRET=1',
      'sub/.env.local': 'SECRET=1',
      'app.js': '1',
      'x.log': '1',
      'keep.log': '1',
      'build/secret': '1',
      'build/public/index.html': '1',
      'tmp/a': '1',
      'node_modules/dep/index.js': '1',
    });
    const exclude = [...neverNeeded.map(({ pattern }) => pattern), ...(await readIgnoreFile(root))];
    const all = await make([{ root, from: '.', to: '/app', exclude }]);
    expect(await names(all.layers[0]!)).toEqual([
      'app/',
      'app/app.js',
      'app/build/',
      'app/build/public/',
      'app/build/public/index.html',
      'app/keep.log',
      'app/node_modules/',
      'app/node_modules/dep/',
      'app/node_modules/dep/index.js',
      'app/sub/',
      'app/tmp/',
    ]);
    const source = await make([{ root, from: '.', to: '/app', exclude: [...exclude, 'node_modules'] }]);
    expect(await names(source.layers[0]!)).not.toContain('app/node_modules/');
    const dependencies = await make([{ root, from: 'node_modules', to: '/app/node_modules', exclude }]);
    expect(await names(dependencies.layers[0]!)).toEqual([
      'app/',
      'app/node_modules/',
      'app/node_modules/dep/',
      'app/node_modules/dep/index.js',
    ]);
    const some = await make([{ root, from: '.', to: '/app', include: ['**/*.js'], exclude }]);
    expect(await names(some.layers[0]!)).toEqual([
      'app/',
      'app/app.js',
      'app/node_modules/',
      'app/node_modules/dep/',
      'app/node_modules/dep/index.js',
    ]);
  });

  test('takes no pipe, and does not wait for one', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { a: 'a' });
    await execa('mkfifo', [join(root, 'pipe')]);
    const { layers } = await make([{ root, from: '.', to: '/' }]);
    expect(await names(layers[0]!)).toEqual(['a']);
  });

  test('is never of another folder, whatever leads there', async ({ makeFolder }) => {
    const other = fill(makeFolder(), { secret: 's' });
    const root = fill(makeFolder(), { dist: `->${other}` });
    await expect(make([{ root, from: 'dist', to: '/app' }])).rejects.toThrow('source-unreadable');
    await expect(make([{ root, from: '../', to: '/app' }])).rejects.toThrow('source-unreadable');
  });

  test('writes through no link of its base', async () => {
    const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } } as const;
    const base = { registry: openRegistry('localhost:1'), repository: 'b', digest: '', config, layers: [] };
    const parts = [{ content: 'x', to: '/bin/app' }];
    await expect(make(parts, { base })).rejects.toThrow('/bin/app may lie behind a link of the base image');
    // Nor does it say anew what the folders are that every image has.
    const { layers } = await make([{ content: 'x', to: '/tmp/x' }], { base });
    expect(await names(layers[0]!)).toEqual(['tmp/x']);
  });

  test('what is not there or changes meanwhile is one problem', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { 'a.bin': Buffer.alloc(300_000) });
    await expect(make([{ root, from: 'dist', to: '/app' }])).rejects.toThrow(
      "dist, which is to be put into the image, can't be read: it is not there.",
    );
    const layers = [{ name: 'app', parts: [{ root, from: '.', to: '/app' }] }];
    // Written to while it is packed: seen when it is read to its end.
    const grow = setInterval(() => appendFileSync(join(root, 'grows'), 'x'), 0);
    try {
      writeFileSync(join(root, 'grows'), Buffer.alloc(50_000_000));
      await expect(make(layers[0]!.parts)).rejects.toThrow('grows changed while it was put into the image.');
    } finally {
      clearInterval(grow);
    }
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(assemble({ platform, layers, start: {}, signal: stop.signal })).rejects.toThrow('enough');
  });

  test('leaves nothing behind on the disk, even while it is used', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { a: 'a' });
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('paas-layer-'));
    const assembled = await assemble({
      platform,
      layers: [{ name: 'app', parts: [{ root, from: '.', to: '/' }] }],
      start: {},
    });
    const during = readdirSync(tmpdir()).filter((name) => name.startsWith('paas-layer-'));
    expect(during.filter((name) => !before.includes(name))).toEqual([]);
    await assembled.close();
  });
});

describe('the same files', () => {
  const files = { 'b/2': 'two', 'a/1': 'one', z: 'z', 'm.sh': '#!', l: '->z' };

  test('make the same digest, whatever the times, rights, order and place', async ({ makeFolder }) => {
    const one = fill(makeFolder(), files);
    const two = fill(makeFolder(), Object.fromEntries(Object.entries(files).reverse()));
    chmodSync(join(one, 'm.sh'), 0o755);
    chmodSync(join(two, 'm.sh'), 0o700);
    chmodSync(join(two, 'z'), 0o600);
    chmodSync(join(two, 'a'), 0o700);
    utimesSync(join(two, 'z'), 1_000_000, 1_000_000);
    const [first, second] = [
      await make([{ root: one, from: '.', to: '/app' }]),
      await make([{ root: two, from: '.', to: '/app/' }]),
    ];
    expect(second.digest).toBe(first.digest);
    chmodSync(join(two, 'm.sh'), 0o600);
    expect((await make([{ root: two, from: '.', to: '/app' }])).digest).not.toBe(first.digest);
  });

  test('the digest is this one', async () => {
    // Pinned, so that a change of what is written is seen here and not by everyone who deploys.
    const { manifest, diffIds } = await make([{ content: 'hello\n', to: '/app/hello.txt' }]);
    expect(diffIds).toMatchInlineSnapshot(`
      [
        "sha256:e5838d946c779c69d3f945d5143dc0a4d84f99302b869fed12b514ed6e45bcd8",
      ]
    `);
    expect(manifest.schemaVersion).toBe(2);
  });

  test('a line of the source changes the last layer only', async ({ makeFolder }) => {
    const root = fill(makeFolder(), { 'node_modules/d/index.js': 'd', 'app.js': '1' });
    const layers = [
      { name: 'dependencies', parts: [{ root, from: 'node_modules', to: '/app/node_modules' }] },
      { name: 'app', parts: [{ root, from: '.', to: '/app', exclude: ['node_modules'] }] },
    ];
    const before = await make([], { layers });
    writeFileSync(join(root, 'app.js'), '2');
    const after = await make([], { layers });
    expect(after.manifest.layers[0]).toEqual(before.manifest.layers[0]);
    expect(after.manifest.layers[1]).not.toEqual(before.manifest.layers[1]);
    expect(after.config.history?.map((entry) => entry.created_by)).toEqual([
      'paas: dependencies',
      'paas: app',
    ]);
  });
});

describe('how it is started', () => {
  test('without a base', async () => {
    const { config, manifest } = await make([{ content: 'x', to: '/app', executable: true }], {
      created: createdAt({ SOURCE_DATE_EPOCH: '1700000000' }),
      start: {
        env: { A: '1', B: 'x=y' },
        entrypoint: ['/app'],
        command: ['serve'],
        workingDir: '/srv',
        ports: [8080, 80],
        labels: { 'org.opencontainers.image.source': 'https://example.com/app' },
      },
    });
    expect(config.created).toBe('2023-11-14T22:13:20Z');
    expect(config.config).toEqual({
      User: '65532:65532',
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'A=1', 'B=x=y'],
      Entrypoint: ['/app'],
      Cmd: ['serve'],
      WorkingDir: '/srv',
      ExposedPorts: { '80/tcp': {}, '8080/tcp': {} },
      Labels: { 'org.opencontainers.image.source': 'https://example.com/app' },
    });
    expect(manifest.config.mediaType).toBe('application/vnd.oci.image.config.v1+json');
  });

  test('the time is 1970 unless it is said', () => {
    expect(createdAt({})).toBe(0);
    expect(createdAt({ SOURCE_DATE_EPOCH: 'yesterday' })).toBe(0);
  });

  test('several platforms are one index', async () => {
    const parts = [{ content: 'x', to: '/app' }];
    const amd = await make(parts);
    const arm = await make(parts, { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } });
    const index = indexOf([amd.image, arm.image]);
    const { manifests } = JSON.parse(Buffer.from(index.manifest).toString());
    expect(manifests.map(({ platform: of }: { platform: object }) => of)).toEqual([
      platform,
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
    ]);
  });
});
