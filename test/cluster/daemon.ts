import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** A program that runs on after `up` has ended. */
export type Daemon = {
  readonly name: string;
  /** Throws, with the end of its log, when it has ended. */
  readonly alive: () => void;
};

/** What has to be entered to run inside a node. */
export type Node = { readonly pid: number };

/**
 * Starts a program on its own: in its own session, writing to its own log. It is started under a link in the
 * cluster's folder of programs, by which it is known from then on. With `node`, it runs in that node's
 * namespaces.
 */
export function startDaemon(
  layout: Layout,
  name: string,
  program: string,
  args: readonly string[],
  options: { readonly node?: Node | undefined; readonly env?: Record<string, string> } = {},
): Daemon {
  const path = linkProgram(layout, name, program);
  const log = join(layout.logs, `${name}.log`);
  const output = openSync(log, 'a', 0o600);
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: layout.state, ...options.env };
  const how = {
    cwd: '/',
    env,
    detached: true,
    stdio: ['ignore', output, output] as ['ignore', number, number],
  };
  // Not `ip netns exec`: it mounts a new /sys, and the cgroups are gone.
  const child = options.node
    ? spawn('nsenter', [`--target=${options.node.pid}`, '--mount', '--net', '--pid', '--', path, ...args], {
        ...how,
        argv0: join(layout.programs, 'nsenter'),
      })
    : spawn(path, args, how);
  closeSync(output);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ?? `code ${code}`;
  });
  child.unref();
  return {
    name,
    alive: () => {
      if (ended !== undefined) throw new Error(`${name} ended with ${ended}:\n${tail(log)}`);
    },
  };
}

/** Makes the link under which a program is started. */
export function linkProgram(layout: Layout, name: string, program: string): string {
  const path = join(layout.programs, name);
  if (!existsSync(path)) symlinkSync(program, path);
  return path;
}

/** The last lines of a log. */
export function tail(log: string, count = 15): string {
  if (!existsSync(log)) return '';
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
