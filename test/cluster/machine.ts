import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TEMPORARY_FOLDER } from '../support/folder.ts';
import { hierarchies, tree } from './cgroup.ts';
import { debianEnvironment, debianFolder } from './debian.ts';
import { CGROUP_PREFIX, linkFile, stateRoot } from './layout.ts';
import { type Process, processes } from './processes.ts';
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
  const others = new Set<string>();
  const links = new Set<string>();
  const lookForOthers = (): void => {
    for (const other of name === undefined ? [] : folders(stateRoot())) {
      if (other === name) continue;
      others.add(other);
      const link = read(linkFile(other));
      if (link) links.add(link);
    }
  };
  // One that comes or goes while all of this is looked at is known before or afterwards.
  lookForOthers();
  const all = {
    processes: seeProcesses(),
    mounts: lines(read('/proc/self/mounts')),
    links: lines(output('ip', ['-brief', 'link'])),
    routes: lines(output('ip', ['route', 'show', 'table', 'all'])),
    namespaces: existsSync('/run/netns') ? readdirSync('/run/netns') : [],
    cgroups: hierarchies()
      .flatMap((hierarchy) => folders(hierarchy).map((folder) => join(hierarchy, folder)))
      .filter((folder) => basename(folder).startsWith(CGROUP_PREFIX))
      .flatMap(tree),
    iptables: firewall(),
    state: folders(stateRoot()),
  };
  lookForOthers();
  const isOther = (text: string): boolean =>
    [...others].some(
      (other) =>
        `${text}/`.includes(`/${CGROUP_PREFIX}${other}/`) ||
        `${text}/`.includes(`${join(stateRoot(), other)}/`),
    ) || [...links].some((one) => new RegExp(`(^|\\s)${one}[@ ]`).test(`${text} `));
  const mine = (text: string): boolean => !isOther(text);
  return {
    ...all,
    processes: clusterProcesses(all.processes, isOther),
    // What other tests mount, they mount in folders of their own.
    mounts: all.mounts.filter(mine).filter((line) => !line.includes(` ${TEMPORARY_FOLDER}`)),
    links: all.links.filter(mine),
    routes: all.routes.filter(mine),
    cgroups: all.cgroups.filter(mine),
    state: all.state.filter((folder) => !others.has(folder)),
  };
}

type Seen = Process & { readonly namespace: string; readonly cgroups: readonly string[] };

function seeProcesses(): Seen[] {
  return (
    processes()
      .map((one) => ({
        ...one,
        namespace: link(`/proc/${one.pid}/ns/pid`),
        cgroups: lines(read(`/proc/${one.pid}/cgroup`)),
      }))
      // One that has ended since it was listed.
      .filter(({ namespace }) => namespace !== '')
  );
}

/** The processes of clusters: their programs, containerd's shims, and whatever runs in the pods. */
function clusterProcesses(all: readonly Seen[], isOther: (text: string) => boolean): string[] {
  // A shim doesn't tell whose it is, but it lives in the same process namespace as the node.
  const foreign = all.filter(({ args }) => isOther(args[0] ?? '')).map(({ namespace }) => namespace);
  const otherNamespaces = new Set(foreign.filter((namespace) => namespace !== link('/proc/self/ns/pid')));
  return all
    .filter(({ args }) => !isOther(args[0] ?? ''))
    .filter(({ namespace, cgroups }) => !otherNamespaces.has(namespace) && !cgroups.some(isOther))
    .filter(
      ({ args, cgroups }) =>
        args[0]?.startsWith(`${stateRoot()}/`) ||
        // A registry that is started from there is that of another test; a cluster's has a link.
        (args[0]?.startsWith(`${debianFolder()}/`) && basename(args[0]) !== 'docker-registry') ||
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
