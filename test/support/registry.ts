import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianEnvironment, fetchDebian } from '../cluster/debian.ts';
import { until } from '../cluster/wait.ts';
import { makeTemporaryFolder, removeFolder } from './folder.ts';

/** A real registry (docker-registry of Debian) of one test, on this machine. */
export interface TestRegistry {
  /** `127.0.0.1:15000`. */
  readonly host: string;
  readonly stop: () => Promise<void>;
  /** The requests that it was asked so far, in their order: `PUT /v2/app/manifests/1`. Without queries. */
  readonly requests: () => Promise<string[]>;
}

/** The one user of a registry with a login. */
export const login = { username: 'ada', password: 'correct horse' };
/** The password as bcrypt. */
const htpasswd = 'ada:$2b$04$KVJqQp9gZs2gJA121txU0.41LxiM5VRYPojfhYj7SNof9zjmnxKIS\n';

export interface TestRegistryOptions {
  readonly withLogin?: boolean;
  readonly readOnly?: boolean;
  /** Where its blobs lie; else in a folder of its own, which goes with it. */
  readonly storage?: string;
  /** Further parts of its configuration. */
  readonly config?: (folder: string) => Record<string, unknown>;
  /** The address to listen on: `127.0.0.1` unless something else than this machine is to reach it. */
  readonly address?: string;
}

/** Starts a registry and waits until it answers. */
export async function startRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const debian = await fetchDebian(() => {});
  const folder = makeTemporaryFolder();
  const { address = '127.0.0.1' } = options;
  const storage = options.storage ?? join(folder, 'storage');
  mkdirSync(storage, { recursive: true });
  writeFileSync(join(folder, 'htpasswd'), htpasswd);
  const { http, ...more } = (options.config?.(folder) ?? {}) as { http?: object };
  const config = {
    version: '0.1',
    // It says where it listens, which the kernel chooses: a port that is looked for before may be another's by then.
    log: { level: 'info', accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: storage },
      ...(options.readOnly && { maintenance: { readonly: { enabled: true } } }),
    },
    http: { addr: `${address}:0`, secret: 'of a test', ...http },
    ...(options.withLogin && { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } }),
    ...more,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const program = spawn(join(debian, 'usr/bin/docker-registry'), ['serve', join(folder, 'config.json')], {
    env: debianEnvironment(debian),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  const port = await new Promise<string>((resolve, reject) => {
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (chunk) => {
        written += chunk;
        const [, found] = /listening on \S+:(\d+)\D/.exec(written) ?? [];
        if (found) resolve(found);
      });
    }
    program.once('error', reject);
    program.once('exit', () => reject(new Error(`the registry did not start:\n${written}`)));
  });
  const host = `${address}:${port}`;
  let marks = 0;
  return {
    host,
    requests: async () => {
      // Its log comes on a way of its own: once this question stands in it, so does all that was asked before.
      const mark = `/mark-${++marks}`;
      await (await fetch(`http://${host}${mark}`)).arrayBuffer();
      await until(`${mark} in the log of the registry`, () => written.includes(`GET ${mark} `));
      return [...written.matchAll(/"([A-Z]+) (\/v2\/[^ ?"]*)[^"]*HTTP\/1\.1" \d+/g)].map(
        ([, method, path]) => `${method} ${path}`,
      );
    },
    stop: async () => {
      await end(program);
      removeFolder(folder);
    },
  };
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = new Promise((done) => program.once('exit', done));
  program.kill('SIGKILL');
  await ended;
}
