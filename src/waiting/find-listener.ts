import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { forwardPort } from '../cluster/forward.ts';

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
const grace = 1_000;
const graceFactor = 3;
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
  const of = { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name };
  const refused = new Set<number>();
  const tryPort = async (port: number): Promise<void> => {
    const stream = new Duplex({ read: () => {}, write: (_, __, done) => done() });
    stop.addEventListener('abort', () => stream.destroy(), { once: true });
    await forwardPort(cluster, { ...of, port }, stream, stop);
    if (!stop.aborted) refused.add(port);
  };
  try {
    const tries = ports.map((port) => tryPort(port).catch(() => refused.add(port)));
    // Where this one isn't refused, a silence says nothing of the others either.
    const begun = performance.now();
    await tryPort(nobody);
    if (!refused.has(nobody)) return undefined;
    const longest = Math.max(grace, graceFactor * (performance.now() - begun));
    await Promise.race([Promise.all(tries), sleep(longest, undefined, { signal: stop })]);
    return ports.find((port) => !refused.has(port));
  } finally {
    ended.abort();
  }
}
