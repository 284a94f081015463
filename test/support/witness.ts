import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { context } from './cluster.ts';

/** Sees what the API holds, and when it came to hold it, by kubectl: it knows nothing of this program. */
export interface Witness {
  /** Resolves with the time (`performance.now()`) at which an object of a namespace was first seen so. */
  readonly see: (namespace: string, matches: (object: KubeObject) => boolean) => Promise<number>;
  readonly close: () => void;
}

const watched = [
  '/api/v1/pods',
  '/api/v1/events',
  '/api/v1/persistentvolumeclaims',
  '/apis/apps/v1/replicasets',
];

export function callWitness(): Witness {
  const seen: { readonly at: number; readonly object: KubeObject }[] = [];
  const waiting = new Set<() => void>();
  const ended = new AbortController();
  const watch = async (path: string): Promise<void> => {
    const args = ['--context', context, 'get', '--raw', `${path}?watch=true`];
    const options = { buffer: false, reject: false, cancelSignal: ended.signal } as const;
    const run = execa(process.env.PAAS_TEST_KUBECTL ?? 'kubectl', args, options);
    createInterface({ input: run.stdout }).on('line', (line) => {
      const object = objectOf(line);
      if (!object || ended.signal.aborted) return;
      seen.push({ at: performance.now(), object });
      for (const wake of [...waiting]) wake();
    });
    await run;
    // The API server ends each watch some time, and at once one that reads too slowly.
    if (!ended.signal.aborted) void watch(path);
  };
  for (const path of watched) void watch(path);
  const find = (namespace: string, matches: (object: KubeObject) => boolean): number | undefined =>
    seen.find(({ object }) => object.metadata.namespace === namespace && matches(object))?.at;
  return {
    see: (namespace, matches) =>
      new Promise((resolve) => {
        const wake = (): void => {
          const at = find(namespace, matches);
          if (at === undefined) return;
          waiting.delete(wake);
          resolve(at);
        };
        waiting.add(wake);
        wake();
      }),
    close: () => ended.abort(),
  };
}

/** What a line of a watch tells of; undefined where it was cut off with its connection. */
function objectOf(line: string): KubeObject | undefined {
  try {
    return (JSON.parse(line) as { object: KubeObject }).object;
  } catch {
    return undefined;
  }
}

/** The containers of a pod as the API tells of them. */
export function containersOf({ status }: KubeObject): readonly {
  readonly restartCount: number;
  readonly state?: {
    waiting?: { reason?: string; message?: string };
    terminated?: { reason?: string; exitCode: number; message?: string };
  };
  readonly lastState?: { terminated?: { reason?: string; exitCode: number; message?: string } };
}[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
