import type { Cluster, KubeObject } from '../cluster/cluster.ts';

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
  return [...new Set([asked, ...said, ...variables, ...usual])];
}

/** The port on which a program can be reached from inside its own network; undefined where none is found. */
export async function findListener(
  _cluster: Cluster,
  _pod: KubeObject,
  _container: string,
  _asked: number,
  _signal: AbortSignal,
): Promise<number | undefined> {
  return undefined;
}
