import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { execa } from 'execa';
import { describe, expect, onTestFinished } from 'vitest';
import { PaasError, type Problem } from '../../src/problems/problem.ts';
import { streamBlob } from '../../src/registry/blobs.ts';
import type { Credentials } from '../../src/registry/credentials.ts';
import { type PublishEvent, publish } from '../../src/registry/publish.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { resolveDigest } from '../../src/registry/resolve-digest.ts';
import { createAuthority, createIdentity } from '../cluster/certificates.ts';
import { test } from '../support/app.ts';
import { badNetwork, image, open, registryOf } from '../support/images.ts';
import { login } from '../support/registry.ts';
import { identityToken, startTokenServer, type TokenServer } from '../support/token-server.ts';

// Real registries, and what goes wrong with them. Each is right in the end, or one clear problem.

const ada: Credentials = { kind: 'password', username: login.username, secret: () => login.password };
const wrong: Credentials = { kind: 'password', username: login.username, secret: () => 'planted-5ecret' };

const small = () => image([[{ content: 'a', to: '/a' }]]);
const large = (bytes = 3_000_000) => image([[{ content: randomBytes(bytes), to: '/a' }]]);

/** Publishes as `app:1` and gives the one problem that there was. */
async function problemOf(registry: Registry, repository = 'app', what = small()): Promise<Problem> {
  try {
    await publish((await what).image, { registry, repository, tag: '1' });
  } catch (error) {
    if (!(error instanceof PaasError)) throw error;
    expect(error.problems).toHaveLength(1);
    expect(JSON.stringify(error.problems)).not.toContain('planted-5ecret');
    expect(`${error.stack}`).not.toContain('planted-5ecret');
    return error.problems[0]!;
  }
  throw new Error('it went well');
}

describe('with a login by name and password', () => {
  test('that is right, none, and a wrong one', async () => {
    const { host } = await registryOf({ withLogin: true });
    const made = await small();
    const target = { registry: open(host, { credentials: ada }), repository: 'app', tag: '1' };
    await publish(made.image, target);
    expect((await publish(made.image, target)).unchanged).toBe(true);

    expect(await problemOf(open(host))).toMatchObject({
      code: 'registry-login-needed',
      message: `The registry ${host} wants a login to push to app, and none is known.`,
    });
    expect(await problemOf(open(host, { credentials: wrong }))).toMatchObject({
      code: 'registry-login-refused',
    });
    const resolve = async (credentials?: Credentials) =>
      (await resolveDigest(open(host, { credentials }), { path: 'app', tag: '1' })).state;
    expect(await resolve(ada)).toBe('found');
    expect(await resolve()).toBe('not_allowed');
    expect(await resolve(wrong)).toBe('not_allowed');
  });
});

describe('with tokens', () => {
  const start = async (options = {}): Promise<TokenServer & { host: string }> => {
    const tokens = await startTokenServer(options);
    onTestFinished(tokens.stop);
    return { ...tokens, host: (await registryOf({ config: tokens.config })).host };
  };

  test('a token is fetched once for each thing to do', async () => {
    const { host, asked } = await start();
    const target = { registry: open(host, { credentials: ada }), repository: 'app', tag: '1' };
    await publish((await image([[{ content: 'a', to: '/a' }], [{ content: 'b', to: '/b' }]])).image, target);
    expect(asked()).toEqual(['ada repository:app:pull,push']);
    expect(await resolveDigest(target.registry, { path: 'app', tag: '1' })).toMatchObject({ state: 'found' });
    expect(asked()).toEqual(['ada repository:app:pull,push', 'ada repository:app:pull']);
    // Nobody sees a token or a password who prints what holds them by mistake.
    const printed = inspect(target.registry, { depth: 9 });
    expect(printed).not.toMatch(/eyJ|correct horse/);
  });

  test('an identity token is exchanged, and a token that is too old is fetched again', async () => {
    const { host, asked } = await start({ lifetime: 0 });
    const credentials: Credentials = { kind: 'identity_token', secret: () => identityToken };
    await publish((await small()).image, {
      registry: open(host, { credentials }),
      repository: 'app',
      tag: '1',
    });
    expect(asked().length).toBeGreaterThan(3);
    expect(new Set(asked())).toEqual(new Set(['ada repository:app:pull,push']));
  });

  test('what anyone may read needs no login; what nobody may is said', async () => {
    const { host } = await start();
    const registry = open(host, { credentials: ada });
    await publish((await small()).image, { registry, repository: 'public/app', tag: '1' });
    expect(await resolveDigest(open(host), { path: 'public/app', tag: '1' })).toMatchObject({
      state: 'found',
    });
    expect((await problemOf(open(host), 'public/app', large())).code).toBe('registry-login-needed');
    expect((await problemOf(open(host, { credentials: wrong }))).code).toBe('registry-login-refused');
    const identity: Credentials = { kind: 'identity_token', secret: () => 'planted-5ecret' };
    expect((await problemOf(open(host, { credentials: identity }))).code).toBe('registry-login-refused');
    expect(await problemOf(registry, 'forbidden/app')).toMatchObject({
      code: 'registry-not-allowed',
      message: `You may not push to forbidden/app: the registry ${host} refuses it.`,
    });
    expect((await resolveDigest(registry, { path: 'forbidden/app' })).state).toBe('not_allowed');
  });

  test('a layer of a repository that may not be read is sent instead of mounted', async () => {
    const { host } = await start();
    const registry = open(host, { credentials: ada });
    const target = { registry, repository: 'app', tag: '1' };
    const done = await publish((await small()).image, target, { mountFrom: 'forbidden/other' });
    expect(done.layers).toEqual({ pushed: 1, mounted: 0, there: 0 });
  });
});

describe('that breaks off', () => {
  test('in the middle of a layer: it is sent again', async () => {
    const { host } = await registryOf();
    const bad = await badNetwork(host, { cutAfter: 1_000_000, times: 2 });
    const events: PublishEvent[] = [];
    const done = await publish(
      (await large()).image,
      { registry: open(bad.host), repository: 'app', tag: '1' },
      { onEvent: (event) => events.push(event) },
    );
    expect(bad.cuts()).toBe(2);
    expect(events.filter(({ type }) => type === 'break')).toHaveLength(2);
    const found = await resolveDigest(open(host), { path: 'app', tag: '1' });
    expect(found).toEqual({ state: 'found', digest: done.digest });
  });

  test('between two pieces of a layer: it goes on where it was', async () => {
    const server = await registryOf();
    // Nothing of the third piece reaches the registry: what it has then is what it said that it has.
    const bad = await badNetwork(server.host, { cutAt: /^PATCH /, skip: 2, times: 1 });
    const events: PublishEvent[] = [];
    await publish(
      (await large()).image,
      { registry: open(bad.host), repository: 'app', tag: '1' },
      { chunkSize: 1_000_000, onEvent: (event) => events.push(event) },
    );
    expect(bad.cuts()).toBe(1);
    expect(events.find(({ type }) => type === 'break')).toMatchObject({ from: 2_000_000 });
    expect((await server.requests()).filter((one) => one.startsWith('POST')).length).toBe(2);
    expect(await resolveDigest(open(server.host), { path: 'app', tag: '1' })).toMatchObject({
      state: 'found',
    });
  });

  test('after all was sent, before it said so: it is found to be there', async () => {
    const { host } = await registryOf();
    const bad = await badNetwork(host, { cutAt: /^PUT [^ ]*uploads/, times: 1 });
    await publish((await large()).image, { registry: open(bad.host), repository: 'app', tag: '1' });
    expect(bad.cuts()).toBe(1);
    expect(await resolveDigest(open(host), { path: 'app', tag: '1' })).toMatchObject({ state: 'found' });
  });

  test('each time: one problem, after some attempts', async () => {
    const { host } = await registryOf();
    const bad = await badNetwork(host, { cutAfter: 1_000_000 });
    expect(await problemOf(open(bad.host), 'app', large())).toMatchObject({
      code: 'registry-broke-off',
      message: `The connection to the registry ${bad.host} broke off 5 times in the attempt to push to app: the connection was cut.`,
    });
  });

  test('while a layer is copied from it: the copy goes on where it was', async () => {
    const [from, to] = [await registryOf(), await registryOf()];
    const made = await large();
    await publish(made.image, { registry: open(from.host), repository: 'base', tag: '1' });
    const bad = await badNetwork(from.host, { cutAt: /^GET [^ ]*blobs\/sha256/, times: 1 });
    const [config, layer] = made.image.blobs;
    const source = { kind: 'registry', registry: open(bad.host), repository: 'base' } as const;
    const copied = { ...made.image, blobs: [config!, { ...layer!, source }] };
    await publish(copied, { registry: open(to.host), repository: 'app', tag: '1' });
    expect(bad.cuts()).toBe(1);
    expect(await resolveDigest(open(to.host), { path: 'app', tag: '1' })).toMatchObject({ state: 'found' });
  });

  test('a part of a blob can be had', async () => {
    const registry = open((await registryOf()).host);
    const made = await large(300_000);
    await publish(made.image, { registry, repository: 'app', tag: '1' });
    const { descriptor } = made.image.blobs[1]!;
    const tail = Buffer.concat(await Array.fromAsync(streamBlob(registry, 'app', descriptor, 200_000)));
    expect(tail.length).toBe(descriptor.size - 200_000);
  });
});

test('a push that is interrupted ends at once; the same again goes right', async () => {
  const server = await registryOf();
  const bad = await badNetwork(server.host, { delay: 20 });
  const made = await large(20_000_000);
  const target = { registry: open(bad.host), repository: 'app', tag: '1' };
  const stop = new AbortController();
  const began = performance.now();
  let stopped = 0;
  const onEvent = (event: PublishEvent): void => {
    if (event.type !== 'bytes' || event.sent < 1_000_000 || stop.signal.aborted) return;
    stopped = performance.now();
    stop.abort(new Error('SIGINT'));
  };
  await expect(publish(made.image, target, { onEvent, signal: stop.signal })).rejects.toThrow('SIGINT');
  // The rest of it would take nineteen times as long as this first part took, on a busy machine too.
  expect(performance.now() - stopped).toBeLessThan(Math.max(2_000, 3 * (stopped - began)));
  // What the registry has of it can neither be gone on with nor taken back (docker-registry 2.8): it forgets it itself.
  expect(await resolveDigest(open(server.host), { path: 'app', tag: '1' })).toMatchObject({
    state: 'absent',
  });
  const again = await publish(made.image, { ...target, registry: open(server.host) });
  expect(again).toMatchObject({ layers: { pushed: 1 }, unchanged: false });
});

describe('that is slow', () => {
  test('takes as long as it takes', async () => {
    const { host } = await registryOf();
    const bad = await badNetwork(host, { delay: 150 });
    // So long that a machine that does much else isn't taken for a silent registry.
    const registry = open(bad.host, { idle: 4_000 });
    const began = performance.now();
    await publish((await large()).image, { registry, repository: 'app', tag: '1' });
    // Longer in all than it may be silent.
    expect(performance.now() - began).toBeGreaterThan(4_000);
  });

  test('one on which nothing moves any more is given up', async () => {
    const { host } = await registryOf();
    const bad = await badNetwork(host, { stallAfter: 1_000_000 });
    expect(await problemOf(open(bad.host, { idle: 200 }), 'app', large(20_000_000))).toMatchObject({
      code: 'registry-broke-off',
      message: expect.stringContaining('nothing moved any more'),
    });
  });
});

describe('that has something in front of it', () => {
  /** Passes requests on to a registry, after `first` has had a look at them. */
  const front = async (
    to: string,
    first: (request: IncomingMessage, response: ServerResponse) => boolean,
  ) => {
    const server = createServer((request, response) => {
      if (first(request, response)) return;
      const { method, url, headers } = request;
      const [hostname, port] = to.split(':');
      const onward = send({ hostname, port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  };

  test('that asks for patience gets it', async () => {
    const { host } = await registryOf();
    let busy = 0;
    const between = await front(host, (request, response) => {
      // Each first request of a kind; some of them say for how long.
      if (busy >= 6 || busy++ % 2 === 1) return false;
      const [status, headers] = busy > 2 ? ([503, {}] as const) : ([429, { 'retry-after': '1' }] as const);
      request.resume().on('end', () => response.writeHead(status, headers).end());
      return true;
    });
    const began = performance.now();
    await publish((await large()).image, { registry: open(between), repository: 'app', tag: '1' });
    expect(busy).toBe(6);
    expect(performance.now() - began).toBeGreaterThan(1000);
    expect(await resolveDigest(open(host), { path: 'app', tag: '1' })).toMatchObject({ state: 'found' });
  });

  test('that never has time: one problem, in its words', async () => {
    const { host } = await registryOf();
    const words = JSON.stringify({ errors: [{ code: 'TOOMANYREQUESTS', message: 'come back tomorrow' }] });
    const forever = await front(host, (_, response) => {
      response.writeHead(429, { 'retry-after': '86400' }).end(words);
      return true;
    });
    const found = await resolveDigest(open(forever), { path: 'app' });
    expect(found).toMatchObject({ state: 'unreachable', problem: { code: 'registry-failed' } });
    expect(await problemOf(open(forever), 'app', large())).toMatchObject({
      code: 'registry-failed',
      message: `The registry ${forever} answered 429 when it was asked to push to app.`,
    });
  });

  test('that takes no large requests', async () => {
    const { host } = await registryOf();
    const narrow = await front(host, (request, response) => {
      if (Number(request.headers['content-length'] ?? 0) < 1_000_000) return false;
      request.resume().on('end', () => response.writeHead(413).end('<html>too large'));
      return true;
    });
    expect((await problemOf(open(narrow), 'app', large())).code).toBe('registry-full');
    const target = { registry: open(narrow), repository: 'app', tag: '1' };
    await publish((await large()).image, target, { chunkSize: 500_000 });
  });

  test('a proxy that the environment names is gone through', async () => {
    const { host } = await registryOf();
    const asked: string[] = [];
    const proxy = await front(host, (request) => {
      // The whole address: what a proxy is asked for.
      asked.push(new URL(request.url!).host);
      request.url = request.url!.replace('http://registry.invalid', '');
      return false;
    });
    const env = { http_proxy: `http://${proxy}` };
    // Nobody knows this name but the proxy.
    const registry = open('registry.invalid', { plainHttp: true, env });
    await publish((await small()).image, { registry, repository: 'app', tag: '1' });
    expect(new Set(asked)).toEqual(new Set(['registry.invalid']));
    const direct = open(host, { env: { ...env, NO_PROXY: '127.0.0.1' } });
    const count = asked.length;
    expect(await resolveDigest(direct, { path: 'app', tag: '1' })).toMatchObject({ state: 'found' });
    expect(asked.length).toBe(count);
  });
});

describe('that takes nothing', () => {
  test('read-only', async () => {
    const { host } = await registryOf({ readOnly: true });
    expect((await problemOf(open(host))).code).toBe('registry-read-only');
  });

  test.runIf(process.getuid?.() === 0)('full', async ({ makeFolder }) => {
    const storage = makeFolder();
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', storage]);
    try {
      const { host } = await registryOf({ storage });
      const problem = await problemOf(open(host), 'app', large());
      expect(problem).toMatchObject({
        code: 'registry-full',
        message: `The registry ${host} has no room to push to app.`,
      });
    } finally {
      await execa('umount', ['--lazy', storage]);
    }
  });
});

describe('that can not be reached', () => {
  test('nothing listens, its name is unknown', async () => {
    const [gone, unknown] = ['127.0.0.1:1', 'registry.invalid'];
    expect(await problemOf(open(gone))).toMatchObject({
      code: 'registry-unreachable',
      message: `The registry ${gone} doesn't answer: the connection is refused.`,
    });
    expect((await problemOf(open(unknown))).code).toBe('registry-unreachable');
    expect((await resolveDigest(open(gone), { path: 'app' })).state).toBe('unreachable');
  });

  test('its certificate is not trusted; it speaks no TLS', async ({ makeFolder }) => {
    const authority = createAuthority('of a test');
    const { certificate, key } = createIdentity(authority, { commonName: 'registry' }, ['127.0.0.1']);
    const folder = makeFolder();
    writeFileSync(join(folder, 'crt'), certificate);
    writeFileSync(join(folder, 'key'), key);
    const tls = { certificate: join(folder, 'crt'), key: join(folder, 'key') };
    const secure = await registryOf({ config: () => ({ http: { tls } }) });
    expect((await problemOf(open(secure.host, { plainHttp: false }))).code).toBe('registry-untrusted');
    const plain = await registryOf();
    expect(await problemOf(open(plain.host, { plainHttp: false }))).toMatchObject({
      code: 'registry-without-tls',
    });
  });

  test('it is no registry at all', async () => {
    const server = createServer((_, response) => response.end('<html>hello'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const found = await resolveDigest(open(`127.0.0.1:${port}`), { path: 'app' });
    expect(found).toMatchObject({ state: 'unreachable', problem: { code: 'registry-answer-odd' } });
  });
});

test('a login goes to its registry and nowhere else', async () => {
  // A registry that keeps its blobs elsewhere sends its readers there, as most large ones do.
  const seen: (string | undefined)[] = [];
  const storage = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end('the bytes');
  });
  await new Promise<void>((done) => storage.listen(0, '127.0.0.1', done));
  const elsewhere = `http://127.0.0.1:${(storage.address() as { port: number }).port}/bytes`;
  const front = createServer((request, response) => {
    const known = request.headers.authorization !== undefined;
    if (known) response.writeHead(307, { location: elsewhere }).end();
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    front.close();
    storage.close();
  });
  const registry = open(`127.0.0.1:${(front.address() as { port: number }).port}`, { credentials: ada });
  const blob = { mediaType: '', digest: `sha256:${'0'.repeat(64)}`, size: 9 };
  const bytes = Buffer.concat(await Array.fromAsync(streamBlob(registry, 'app', blob, 0)));
  expect(bytes.toString()).toBe('the bytes');
  expect(seen).toEqual([undefined]);
});
