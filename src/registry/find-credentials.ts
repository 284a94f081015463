import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../problems/problem.ts';
import { credentialHelperFailed, dockerConfigBroken } from '../problems/registry.ts';
import type { Credentials } from './credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Docker's file of logins, which podman, skopeo and others share. Source: docker/cli, cli/config/configfile. */
interface LoginFile {
  readonly auths?: Readonly<Record<string, Login | null>>;
  /** By registry: which helper has its login. */
  readonly credHelpers?: Readonly<Record<string, string>>;
  /** The helper that has all the others. */
  readonly credsStore?: string;
}

interface Login {
  /** `user:password` in base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/**
 * Finds the login for a repository as Docker and podman do: in the file of REGISTRY_AUTH_FILE, else in that of Docker
 * (DOCKER_CONFIG), else in podman's; there by a credential helper, by what stands in it, or by the helper for all.
 * Undefined where there is none. Throws a PaasError for a file or a helper that is broken.
 */
export async function findCredentials(
  host: string,
  repository: string,
  env: Environment,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  for (const file of loginFiles(env)) {
    const config = await readLogins(file, file === env.REGISTRY_AUTH_FILE);
    const found = config && (await findIn(config, file, host, repository, env, signal));
    if (found) return found;
  }
  return undefined;
}

function loginFiles(env: Environment): string[] {
  if (env.REGISTRY_AUTH_FILE) return [env.REGISTRY_AUTH_FILE];
  const home = env.HOME || homedir();
  return [
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers/auth.json'),
  ];
}

async function readLogins(file: string, named: boolean): Promise<LoginFile | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!named && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    const reason = code === 'ENOENT' ? 'there is no such file' : `the system says ${code}`;
    return fail(dockerConfigBroken(file, reason));
  }
  try {
    const value = JSON.parse(text === '' ? '{}' : text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Node's own words would quote what stands there.
  }
  return fail(dockerConfigBroken(file, 'it is no JSON object'));
}

async function findIn(
  { auths = {}, credHelpers = {}, credsStore }: LoginFile,
  file: string,
  host: string,
  repository: string,
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<Credentials | undefined> {
  const names = host === 'docker.io' ? hubNames : [host];
  const own = Object.entries(credHelpers).find(([key]) => names.includes(hostOf(key)));
  // Docker asks for its own registry under the old address.
  const asked = host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
  if (own) return askHelper(own[1], asked, file, env, signal);
  const places = namespaces(host, repository);
  const written =
    places.map((place) => auths[place]).find((login) => login) ??
    Object.entries(auths).find(([key]) => isWhole(key) && names.includes(hostOf(key)))?.[1];
  const found = written && readLogin(written, file);
  if (found) return found;
  return credsStore ? askHelper(credsStore, asked, file, env, signal) : undefined;
}

const hubNames = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Podman may have a login for a part of a registry: the longest one wins. */
function namespaces(host: string, repository: string): string[] {
  const steps = repository.split('/');
  return [...steps.map((_, index) => `${host}/${steps.slice(0, steps.length - index).join('/')}`), host];
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0]!;
}

/** Whether a key is for a whole registry: `host`, `https://host`, `https://host/v1/`. */
function isWhole(key: string): boolean {
  return /^(https?:\/\/)?[^/]+(\/|\/v[12]\/?)?$/.test(key);
}

function readLogin(login: Login, file: string): Credentials | undefined {
  const { auth, identitytoken, registrytoken } = login;
  if (registrytoken) return { kind: 'registry_token', secret: () => registrytoken };
  if (identitytoken) return { kind: 'identity_token', secret: () => identitytoken };
  if (login.username && login.password !== undefined) {
    const { username, password } = login;
    return { kind: 'password', username, secret: () => password };
  }
  if (!auth) return undefined;
  // Some tools end it with a zero.
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 1) fail(dockerConfigBroken(file, 'an auth in it is no user:password in base64'));
  return { kind: 'password', username: text.slice(0, colon), secret: () => text.slice(colon + 1) };
}

const patience = 30_000;

/** Asks a credential helper. Source: docker/docker-credential-helpers, README.md, "Development". */
async function askHelper(
  name: string,
  host: string,
  file: string,
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<Credentials | undefined> {
  const helper = `docker-credential-${name}`;
  // Few logins come from a helper: only then it is loaded.
  const { execa } = await import('execa');
  const run = await execa(helper, ['get'], {
    input: host,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    timeout: patience,
    reject: false,
    ...(signal && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (run.code === 'ENOENT') fail(credentialHelperFailed(helper, file, "isn't there", []));
  if (run.timedOut) {
    fail(credentialHelperFailed(helper, file, `gave no answer in ${patience / 1000} seconds`, []));
  }
  // It says on standard output what failed, too; but where it went wrong, the secret may stand there.
  if (run.exitCode !== 0 && /credentials not found/i.test(run.stdout)) return undefined;
  if (run.exitCode !== 0) {
    const how =
      run.exitCode === undefined
        ? `could not be run (${run.code ?? run.signal})`
        : `ended with ${run.exitCode}`;
    fail(credentialHelperFailed(helper, file, how, run.stderr.split('\n').filter(Boolean).slice(0, 5)));
  }
  const { Username, Secret } = parseAnswer(run.stdout) ?? {};
  if (!Secret || Username === undefined) {
    return fail(credentialHelperFailed(helper, file, 'gave no login', []));
  }
  if (Username === '<token>') return { kind: 'identity_token', secret: () => Secret };
  return { kind: 'password', username: Username, secret: () => Secret };
}

function parseAnswer(text: string): { readonly Username?: string; readonly Secret?: string } | undefined {
  try {
    return JSON.parse(text) as { readonly Username?: string; readonly Secret?: string };
  } catch {
    return undefined;
  }
}
