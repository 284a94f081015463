import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hierarchies, tree } from './cgroup.ts';
import { debianEnvironment, debianFolder } from './debian.ts';
import { CGROUP_PREFIX, linkFile, stateRoot } from './layout.ts';
import { processes } from './processes.ts';
import { lines, output, read } from './read.ts';

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
  const all = processes()
    .map((one) => ({
      ...one,
      namespace: link(`/proc/${one.pid}/ns/pid`),
      cgroups: lines(read(`/proc/${one.pid}/cgroup`)),
    }))
    // One that has ended since it was listed.
    .filter(({ namespace }) => namespace !== '');
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

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
