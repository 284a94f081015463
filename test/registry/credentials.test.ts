import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect } from 'vitest';
import { PaasError, type Problem } from '../../src/problems/problem.ts';
import { readChallenges } from '../../src/registry/challenge.ts';
import { connectRegistry } from '../../src/registry/connect-registry.ts';
import { findCredentials } from '../../src/registry/find-credentials.ts';
import { publish } from '../../src/registry/publish.ts';
import { closeRegistry } from '../../src/registry/registry.ts';
import { test } from '../support/app.ts';
import { image, registryOf } from '../support/images.ts';
import { login } from '../support/registry.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const planted = 'planted-5ecret';

/** A home with Docker's file, and further files by their paths in it; those in bin/ are programs. */
function home(
  folder: string,
  config: unknown,
  files: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const all = {
    '.docker/config.json': typeof config === 'string' ? config : JSON.stringify(config),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (path.startsWith('bin/')) chmodSync(join(folder, path), 0o755);
  }
  return { HOME: folder, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
}

/** `name:secret`, or what else it is. */
async function find(
  env: Record<string, string>,
  host: string,
  repository = 'app',
): Promise<string | undefined> {
  const found = await findCredentials(host, repository, env);
  // Nobody sees it who prints it by mistake.
  expect(inspect(found) + JSON.stringify(found)).not.toContain(planted);
  if (found?.kind === 'password') return `${found.username}:${found.secret()}`;
  return found && `${found.kind} ${found.secret()}`;
}

async function problemOf(attempt: Promise<unknown>): Promise<Problem> {
  const error = await attempt.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(PaasError);
  expect(JSON.stringify((error as PaasError).problems) + inspect(error)).not.toContain(planted);
  return (error as PaasError).problems[0]!;
}

describe("the login in Docker's file", () => {
  test('in each form that it may have', async ({ makeFolder }) => {
    const env = home(makeFolder(), {
      auths: {
        'one.example.com': { auth: base64(`ada:${planted}`) },
        'https://two.example.com/v1/': { auth: base64('bob:with:colons') },
        'three.example.com:5000': { username: 'cy', password: 'p' },
        'four.example.com': { identitytoken: 'i' },
        'five.example.com': { registrytoken: 'r' },
        'https://index.docker.io/v1/': { auth: base64('hub:h') },
        'six.example.com': {},
        'seven.example.com': { auth: base64('whole:w') },
        'seven.example.com/team': { auth: base64('team:t') },
        'seven.example.com/team/shop': { auth: base64('shop:s') },
      },
    });
    expect(await find(env, 'one.example.com')).toBe(`ada:${planted}`);
    expect(await find(env, 'two.example.com')).toBe('bob:with:colons');
    expect(await find(env, 'three.example.com:5000')).toBe('cy:p');
    expect(await find(env, 'three.example.com')).toBeUndefined();
    expect(await find(env, 'four.example.com')).toBe('identity_token i');
    expect(await find(env, 'five.example.com')).toBe('registry_token r');
    expect(await find(env, 'docker.io', 'library/busybox')).toBe('hub:h');
    expect(await find(env, 'six.example.com')).toBeUndefined();
    expect(await find(env, 'seven.example.com', 'other/app')).toBe('whole:w');
    expect(await find(env, 'seven.example.com', 'team/app')).toBe('team:t');
    expect(await find(env, 'seven.example.com', 'team/shop')).toBe('shop:s');
    expect(await find(env, 'seven.example.com', 'teams/app')).toBe('whole:w');
  });

  test('in the places where tools look', async ({ makeFolder }) => {
    const folder = makeFolder();
    const auths = (name: string): string =>
      JSON.stringify({ auths: { 'r.example.com': { auth: base64(`${name}:x`) } } });
    const env = home(folder, '{}', {
      '.config/containers/auth.json': auths('podman'),
      'run/containers/auth.json': auths('run'),
      'named.json': auths('named'),
      'docker/config.json': auths('docker'),
    });
    expect(await find(env, 'r.example.com')).toBe('podman:x');
    expect(await find({ ...env, XDG_RUNTIME_DIR: join(folder, 'run') }, 'r.example.com')).toBe('run:x');
    expect(await find({ ...env, DOCKER_CONFIG: join(folder, 'docker') }, 'r.example.com')).toBe('docker:x');
    expect(await find({ ...env, REGISTRY_AUTH_FILE: join(folder, 'named.json') }, 'r.example.com')).toBe(
      'named:x',
    );
    expect(await find({ HOME: makeFolder(), PATH: '' }, 'r.example.com')).toBeUndefined();
  });

  test('one that is broken is a problem, and nothing of it is shown', async ({ makeFolder }) => {
    const env = home(makeFolder(), `{"auths": {"r": {"auth": "${planted}`);
    expect((await problemOf(find(env, 'r'))).code).toBe('docker-config-broken');
    const odd = home(makeFolder(), { auths: { r: { auth: base64(planted) } } });
    expect((await problemOf(find(odd, 'r'))).code).toBe('docker-config-broken');
    const missing = { ...env, REGISTRY_AUTH_FILE: '/not/there.json' };
    expect(await problemOf(find(missing, 'r'))).toMatchObject({
      message: "The logins in /not/there.json can't be read: there is no such file.",
    });
  });
});

describe('a credential helper', () => {
  /** Speaks as helpers do: the registry on standard input, the login on standard output. */
  const helper = (body: string): string => `#!/bin/sh\nread host\n${body}\n`;
  const says = helper(
    `echo "{\\"ServerURL\\":\\"$host\\",\\"Username\\":\\"ada\\",\\"Secret\\":\\"of $host\\"}"`,
  );

  test('for one registry, and for all', async ({ makeFolder }) => {
    const config = {
      auths: { 'own.example.com': {}, 'written.example.com': { auth: base64('w:w') } },
      credHelpers: { 'own.example.com': 'one' },
      credsStore: 'all',
    };
    const env = home(makeFolder(), config, {
      'bin/docker-credential-one': helper('echo \'{"Username":"<token>","Secret":"t"}\''),
      'bin/docker-credential-all': says,
    });
    expect(await find(env, 'own.example.com')).toBe('identity_token t');
    expect(await find(env, 'any.example.com')).toBe('ada:of any.example.com');
    expect(await find(env, 'docker.io')).toBe('ada:of https://index.docker.io/v1/');
    expect(await find(env, 'written.example.com')).toBe('w:w');
  });

  test('that has none, fails, is not there, or talks nonsense', async ({ makeFolder }) => {
    const run = async (body: string | undefined): Promise<Record<string, string>> =>
      home(
        makeFolder(),
        { credsStore: 'x' },
        body === undefined ? {} : { 'bin/docker-credential-x': helper(body) },
      );
    const none = await run('echo credentials not found in native keychain; exit 1');
    expect(await find(none, 'r')).toBeUndefined();
    const failing = await run(`echo '{"Secret":"${planted}"}'; echo the keychain is locked >&2; exit 3`);
    expect(await problemOf(find(failing, 'r'))).toMatchObject({
      code: 'credential-helper-failed',
      message: expect.stringMatching(
        /^The program docker-credential-x, which .* names for the login, ended with 3\.$/,
      ),
      details: ['the keychain is locked'],
    });
    expect(await problemOf(find(await run(undefined), 'r'))).toMatchObject({
      message: expect.stringContaining("isn't there"),
    });
    expect((await problemOf(find(await run(`echo ${planted}`), 'r'))).message).toContain('gave no login');
  });
});

test('a login that docker would find is used to push', async ({ makeFolder }) => {
  const server = await registryOf({ withLogin: true });
  const auth = base64(`${login.username}:${login.password}`);
  const env = home(makeFolder(), { auths: { [server.host]: { auth } } });
  const registry = await connectRegistry(server.host, 'app', { env });
  const made = await image([[{ content: 'a', to: '/a' }]]);
  await publish(made.image, { registry, repository: 'app', tag: '1' });
  await closeRegistry(registry);
});

test('what registries ask for', () => {
  expect(
    readChallenges('Bearer realm="https://a.example/token",service="r",scope="repository:a/b:pull,push"'),
  ).toEqual([
    {
      scheme: 'bearer',
      parameters: { realm: 'https://a.example/token', service: 'r', scope: 'repository:a/b:pull,push' },
    },
  ]);
  expect(readChallenges(['Negotiate', 'Basic realm="say \\"hi\\"", charset=UTF-8'])).toEqual([
    { scheme: 'negotiate', parameters: {} },
    { scheme: 'basic', parameters: { realm: 'say "hi"', charset: 'UTF-8' } },
  ]);
  expect(readChallenges(undefined)).toEqual([]);
});
