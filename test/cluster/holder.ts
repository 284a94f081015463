import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkProgram, type Node, tail } from './daemon.ts';
import { type Addresses, addresses, type Layout, linkFile, MAX_CLUSTERS } from './layout.ts';
import { processesOf } from './processes.ts';
import { ProgramFailed, run } from './run.ts';
import { until } from './wait.ts';

/**
 * A node is a set of namespaces (processes, mounts, network) held by one small process, the first in its
 * process namespace. All of the node runs inside. When the holder ends, for whatever reason, the kernel ends
 * every process in there, containerd's shims and the pods included, and takes down the mounts and the network.
 */

// Some paths are fixed in kubelet and CNI. Inside, /run is the node's own, and what is written to /var goes to
// its state folder. So is who answers for names. Mounts are shared from here on, as kubelet wants it.
const SETUP = `
set -eu
state=$1
mount --make-rshared /
mkdir -p "$state/var" "$state/var.work" "$state/run"
mount -t overlay overlay -o "lowerdir=/var,upperdir=$state/var,workdir=$state/var.work" /var
mount --bind "$state/run" /run
resolv=$(readlink -m /etc/resolv.conf)
case "$resolv" in /run/*) mkdir -p "$(dirname "$resolv")"; : > "$resolv" ;; esac
: > "$state/resolv.conf"
if [ -e "$resolv" ]; then mount --bind "$state/resolv.conf" "$resolv"; fi
mkdir -p /var/log/pods /var/log/containers /run/netns
echo 1 > /proc/sys/net/ipv4/ip_forward
ip link set lo up
: > "$state/held"
exec "$2" "$state"
`;

/** Makes the namespaces of a node, still without a network to the host. */
export async function holdNode(layout: Layout, pauseProgram: string, signal?: AbortSignal): Promise<Node> {
  const path = linkProgram(layout, 'node', pauseProgram);
  const log = join(layout.logs, 'node.log');
  const output = openSync(log, 'a', 0o600);
  const ready = join(layout.state, 'held');
  rmSync(ready, { force: true });
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--mount-proc',
      '--propagation=private',
      '--',
      'sh',
      '-c',
      SETUP,
      join(layout.programs, 'setup'),
      layout.state,
      path,
    ],
    { argv0: join(layout.programs, 'unshare'), cwd: '/', detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  let ended = false;
  child.once('error', () => {
    ended = true;
  });
  child.once('exit', () => {
    ended = true;
  });
  child.unref();
  await until('the namespaces of the node', () => existsSync(ready) && findNode(layout) !== undefined, {
    signal,
    intervalMs: 10,
    timeoutMs: 60_000,
    alive: () => {
      if (ended) throw new Error(`the namespaces of the node can't be made:\n${tail(log)}`);
    },
  });
  const node = findNode(layout);
  if (!node) throw new Error('the holder of the node has gone');
  return node;
}

/** The holder of the cluster's node, if there is one. */
export function findNode(layout: Layout): Node | undefined {
  return processesOf(layout.programs).find(({ args }) => args[0] === join(layout.programs, 'node'));
}

/**
 * Lays a cable from the host to the node and takes the first index whose addresses nobody uses. The cable is
 * made with its far end already inside, so it goes with the node even when this is killed right after.
 */
export async function connectNode(layout: Layout, node: Node, signal?: AbortSignal): Promise<Addresses> {
  const used = ` ${(await run('ip', ['-4', 'route', 'show', 'table', 'all'], { signal })).replaceAll('\n', ' ')}`;
  for (let index = 0; index < MAX_CLUSTERS; index += 1) {
    const place = addresses(index);
    if (used.includes(` ${place.host.split('.').slice(0, 2).join('.')}.`)) continue;
    try {
      await run(
        'ip',
        ['link', 'add', place.link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(node.pid)],
        {
          signal,
        },
      );
    } catch (error) {
      // Another cluster was faster.
      if (error instanceof ProgramFailed && error.output.includes('exists')) continue;
      throw error;
    }
    writeFileSync(linkFile(layout.name), place.link);
    // Names of the world outside don't exist in here, whatever the machine's own servers know.
    writeFileSync(join(layout.state, 'resolv.conf'), `nameserver ${place.dns}\n`);
    await run('nsenter', [`--target=${node.pid}`, '--net', '--', 'ip', '-batch', '-'], {
      signal,
      input: [
        `address add ${place.node}/30 dev eth0`,
        'link set eth0 up',
        // A Service that nothing stands behind must not be looked for elsewhere: its address ends here.
        `route add ${place.services} dev eth0 src ${place.node}`,
        '',
      ].join('\n'),
    });
    await run('ip', ['-batch', '-'], {
      signal,
      input: [
        `address add ${place.host}/30 dev ${place.link}`,
        `link set ${place.link} up`,
        `route add ${place.network} via ${place.node} dev ${place.link}`,
        '',
      ].join('\n'),
    });
    return place;
  }
  throw new Error(`all ${MAX_CLUSTERS} networks for test clusters are in use`);
}

/** Processes that only wait for others to end, so that their own end says that those are gone. */
export function onlyWaits(program: string | undefined): boolean {
  return /\/(unshare|nsenter)$/.test(program ?? '');
}
