import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { tryPorts } from '../cluster/forward.ts';

/** Where programs listen that nobody told otherwise. */
const usual = [80, 3000, 4000, 5000, 8000, 8080, 8081, 8443, 8888, 9000];

/** The ports to try, the one that is asked first. */
export function portsToTry(pod: KubeObject, container: string, asked: number): number[] {
  const containers = (pod.spec?.containers ?? []) as {
    name: string;
    ports?: { containerPort: number }[];
    env?: { name: string; value?: string }[];
  }[];
  const spec = containers.find(({ name }) => name === container);
  const said = (spec?.ports ?? []).map(({ containerPort }) => containerPort);
  const variables = (spec?.env ?? [])
    .filter(({ name }) => /(^|_)PORT$/i.test(name))
    .map(({ value }) => Number(value))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  return [...new Set([asked, ...said, ...variables, ...usual])].filter((port) => port !== nobody);
}

/** Milliseconds that a refusal may come later than that of a port on which nobody listens, or as many times its own. */
const grace = 300;
const graceFactor = 5;
/** Nobody listens here: reserved. Source: RFC 6335, tcpmux, which nothing uses. */
const nobody = 1;

/**
 * The port on which a program can be reached from inside its own network, localhost included; undefined where none is
 * found. Nothing is sent: a connection that is refused says so, and one that is accepted says nothing, so it is
 * compared with that to a port on which nobody listens. Throws where the cluster doesn't allow it.
 */
export async function findListener(
  cluster: Cluster,
  pod: KubeObject,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const tried = [...new Set([nobody, ...ports])];
  const refused = new Set<number>();
  const refusals = new Map(tried.map((port) => [port, Promise.withResolvers<void>()]));
  let begun = performance.now();
  const to = { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, ports: tried };
  const heard = {
    begins: () => {
      begun = performance.now();
    },
    refused: (port: number) => {
      refused.add(port);
      refusals.get(port)?.resolve();
    },
  };
  let broken = false;
  const line = tryPorts(cluster, to, heard, stop).then(() => {
    broken = true;
  });
  line.catch(() => {});
  try {
    // Where this one isn't refused, a silence says nothing of the others either.
    await Promise.race([refusals.get(nobody)?.promise, line]);
    if (!refused.has(nobody)) return undefined;
    const longest = Math.max(grace, graceFactor * (performance.now() - begun));
    const all = Promise.all([...refusals.values()].map(({ promise }) => promise));
    await Promise.race([all, line, sleep(longest, undefined, { signal: stop })]);
    return broken ? undefined : ports.find((port) => !refused.has(port));
  } finally {
    ended.abort();
  }
}
