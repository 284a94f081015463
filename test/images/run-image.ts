import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { kill } from 'node:process';
import { execa } from 'execa';
import type { BuiltImage } from '../../src/images/build-event.ts';
import { blobFile } from '../../src/images/layout-folder.ts';
import { freePorts } from '../cluster/control-plane.ts';

/** An image that runs as the language's defaults let it: not as root, on a read-only root with a writable /tmp. */
export interface Running {
  readonly get: (
    path: string,
  ) => Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>;
  readonly end: () => void;
}

interface Config {
  readonly config: {
    readonly Env?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly WorkingDir?: string;
    readonly User?: string;
  };
}

/** The files of an image in a folder. What a later layer removes stays: no image of these tests needs more. */
export async function unpackImage({ layout, digest }: BuiltImage, to: string): Promise<Config['config']> {
  const read = <T>(of: string): T => JSON.parse(readFileSync(blobFile(layout, of), 'utf8')) as T;
  const manifest = read<{ config: { digest: string }; layers: { digest: string }[] }>(digest);
  mkdirSync(to, { recursive: true });
  for (const layer of manifest.layers)
    await execa('tar', ['-xpzf', blobFile(layout, layer.digest), '-C', to]);
  return read<Config>(manifest.config.digest).config;
}

/** Runs an image in a folder of its own, and gives it back when it listens. */
export async function runImage(
  image: BuiltImage,
  folder: string,
  command?: readonly string[],
): Promise<Running> {
  const config = await unpackImage(image, folder);
  for (const name of ['tmp', 'dev', 'proc']) mkdirSync(join(folder, name), { recursive: true });
  chmodSync(folder, 0o755);
  const [port = 0] = await freePorts(1);
  const env = Object.fromEntries((config.Env ?? []).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const words = [...(config.Entrypoint ?? []), ...(command ?? config.Cmd ?? [])];
  // A program's folder is entered by a shell; without one, the program says its place itself.
  const inside = existsSync(join(folder, 'bin/sh'))
    ? ['/bin/sh', '-c', 'cd "$0" && exec "$@"', config.WorkingDir || '/', ...words]
    : words;
  const script = `
    mount --bind "$1" "$1"; mount --bind /dev "$1/dev"; mount --bind /proc "$1/proc"; mount -t tmpfs tmpfs "$1/tmp"
    mount -o remount,bind,ro "$1"
    root=$1; shift; exec chroot --userspec=65532:65532 --groups= "$root" "$@"`;
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-ec', script, 'sh', folder, ...inside],
    {
      env: { ...env, PATH: `${env.PATH ?? ''}:/usr/bin:/usr/sbin:/sbin:/bin`, PORT: String(port) },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  await listening(child, port, () => said);
  return {
    get: (path) => get(port, path),
    end: () => {
      if (child.exitCode === null) kill(-child.pid!, 'SIGKILL');
    },
  };
}

/** Nothing tells when a foreign program listens: it is asked until it answers, or has ended. */
async function listening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  const until = performance.now() + 240_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${said()}`);
    if (performance.now() > until) throw new Error(`nothing listens:\n${said()}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => setTimeout(resolve, 20, false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
  }
}

const get = (port: number, path: string): ReturnType<Running['get']> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    })
      .on('error', reject)
      .end();
  });
