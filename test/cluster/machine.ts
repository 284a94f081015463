import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { debianEnvironment, debianFolder } from './debian.ts';
import { CGROUP_PREFIX, linkFile, stateRoot } from './layout.ts';
import { pause } from './wait.ts';

/** What the machine itself knows: its processes, cgroups, mounts, links and routes. */

export type Process = { readonly pid: number; readonly args: readonly string[] };

/** The machine as far as a cluster could leave something on it. Two of them can be compared. */
export type Snapshot = {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly links: readonly string[];
  readonly routes: readonly string[];
  readonly namespaces: readonly string[];
  readonly cgroups: readonly string[];
  readonly iptables: readonly string[];
  readonly state: readonly string[];
};

const CGROUPS = '/sys/fs/cgroup';

/** All processes of the machine with their arguments. */
export function processes(): Process[] {
  if (!existsSync('/proc/self/cmdline')) return processesByPs();
  const found: Process[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = read(`/proc/${entry}/cmdline`);
    // A zombie has no arguments; its parent has yet to hear of its end, but it does nothing any more.
    if (line) found.push({ pid: Number(entry), args: line.replace(/\0$/, '').split('\0') });
  }
  return found;
}

/**
 * The processes that `up` started for the cluster with this folder of programs. They are known by the path
 * they were started under, which no process of a user has (a kubeconfig's path among the arguments proves
 * nothing), and which is there however early `up` was killed, before any pid could have been noted.
 */
export function processesOf(programs: string): Process[] {
  return processes().filter(({ args }) => args[0]?.startsWith(`${programs}/`));
}

/**
 * Ends processes for good and waits until they are gone. Those that `waits` says yes to only wait for others,
 * and their end tells that those are gone for good; they are ended themselves only when they outlast their time.
 */
export async function kill(
  list: () => readonly Process[],
  waits: (process: Process) => boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const left = list();
    if (left.length === 0) return;
    if (Date.now() > end) {
      throw new Error(
        `these processes don't end: ${left.map(({ pid, args }) => `${pid} ${args[0]}`).join(', ')}`,
      );
    }
    const grace = end - timeoutMs / 2 > Date.now();
    for (const one of left) {
      if (grace && waits(one)) continue;
      try {
        process.kill(one.pid, 'SIGKILL');
      } catch {
        // Already gone.
      }
    }
    await pause(30);
  }
}

/** The folders that a cgroup of this name has at the top of every hierarchy. */
export function cgroupFolders(name: string): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, name))
    .filter((folder) => existsSync(folder));
}

/** The top folders of all cgroup hierarchies: one on a v2 machine, one per controller on v1, both on a hybrid. */
export function hierarchies(): string[] {
  const tops = (read('/proc/self/mounts') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, folder]) => folder ?? '')
    .filter((folder) => folder.startsWith(CGROUPS));
  return [...new Set(tops)];
}

/** Removes a cgroup and all below it, in every hierarchy. The kernel needs a moment after the last process. */
export async function removeCgroup(name: string, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const tops = cgroupFolders(name);
    if (tops.length === 0) return;
    for (const folder of tops.flatMap(tree).reverse()) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
    if (cgroupFolders(name).length > 0) await pause(50);
  }
}

/**
 * Everything that a cluster could leave behind on this machine. With a name, the other clusters that are there
 * are left out, so that one that comes or goes beside a test doesn't disturb the comparison.
 */
export function snapshot(name?: string): Snapshot {
  const others = name === undefined ? [] : folders(stateRoot()).filter((other) => other !== name);
  const links = others.map((other) => read(linkFile(other))).filter((one) => one !== undefined);
  const isOther = (text: string): boolean =>
    others.some(
      (other) =>
        `${text}/`.includes(`/${CGROUP_PREFIX}${other}/`) ||
        `${text}/`.includes(`${join(stateRoot(), other)}/`),
    ) || links.some((one) => new RegExp(`(^|\\s)${one}[@ ]`).test(`${text} `));
  const mine = (text: string): boolean => !isOther(text);
  return {
    processes: clusterProcesses(isOther),
    mounts: lines(read('/proc/self/mounts')).filter(mine),
    links: lines(output('ip', ['-brief', 'link'])).filter(mine),
    routes: lines(output('ip', ['route', 'show', 'table', 'all'])).filter(mine),
    namespaces: existsSync('/run/netns') ? readdirSync('/run/netns') : [],
    cgroups: hierarchies()
      .flatMap((hierarchy) => folders(hierarchy).map((folder) => join(hierarchy, folder)))
      .filter((folder) => basename(folder).startsWith(CGROUP_PREFIX))
      .flatMap(tree)
      .filter(mine),
    iptables: firewall(),
    state: folders(stateRoot()).filter((folder) => !others.includes(folder)),
  };
}

/** The processes of clusters: their programs, containerd's shims, and whatever runs in the pods. */
function clusterProcesses(isOther: (text: string) => boolean): string[] {
  const all = processes().map((one) => ({
    ...one,
    namespace: link(`/proc/${one.pid}/ns/pid`),
    cgroups: lines(read(`/proc/${one.pid}/cgroup`)),
  }));
  // A shim doesn't tell whose it is, but it lives in the same process namespace as the node.
  const foreign = all.filter(({ args }) => isOther(args[0] ?? '')).map(({ namespace }) => namespace);
  const otherNamespaces = new Set(foreign.filter((namespace) => namespace !== link('/proc/self/ns/pid')));
  return all
    .filter(({ args }) => !isOther(args[0] ?? ''))
    .filter(({ namespace, cgroups }) => !otherNamespaces.has(namespace) && !cgroups.some(isOther))
    .filter(
      ({ args, cgroups }) =>
        args[0]?.startsWith(`${stateRoot()}/`) ||
        args[0]?.startsWith(`${debianFolder()}/`) ||
        cgroups.some((line) => line.includes(`/${CGROUP_PREFIX}`)),
    )
    .map(({ pid, args }) => `${pid} ${args.join(' ')}`);
}

/** The machine's own packet filter, by the programs that would have changed it. */
function firewall(): string[] {
  const folder = debianFolder();
  const env = debianEnvironment(folder);
  return ['xtables-nft-multi', 'xtables-legacy-multi']
    .flatMap((program) => lines(output(join(folder, 'usr/sbin', program), ['iptables-save'], env)))
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/\[\d+:\d+\]/, ''));
}

function folders(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** A folder and all below it, the top one first. */
function tree(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...below.flatMap((entry) => tree(join(folder, entry.name)))];
  } catch {
    // Gone between the two calls.
    return [];
  }
}

/** Without /proc (macOS), the arguments come joined by blanks; enough to look for a path in them. */
function processesByPs(): Process[] {
  return lines(output('ps', ['-axo', 'pid=,args='])).map((line) => {
    const [pid = '', ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), args };
  });
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

function output(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** The text of a file of the kernel, or undefined where the process or cgroup has gone meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
