import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { getObject } from '../cluster/objects.ts';
import { type Awaited, type Facts, isAbsent } from '../readiness/workload.ts';
import { apiVersionOf } from './watch-facts.ts';

/**
 * Milliseconds for which something may be away. Whoever deletes it to make it anew, such as `kubectl replace --force`
 * or a tool that syncs, does so within them.
 */
const grace = 5_000;

/** What is away of that which is waited for. */
export interface Absences {
  /** The components whose object was deleted, and that nobody made again. */
  readonly deleted: (awaited: readonly Awaited[], facts: Facts) => Promise<ReadonlySet<string>>;
  /** Time in which the cluster didn't answer isn't counted: it may have been made again unseen. */
  readonly countAnew: () => void;
}

export function noteAbsences(cluster: Cluster, namespace: string): Absences {
  const since = new Map<string, number>();
  return {
    deleted: async (awaited, facts) => {
      const away = awaited.filter((one) => isAbsent(one, facts));
      const names = new Set(away.map(({ component }) => component));
      for (const name of since.keys()) if (!names.has(name)) since.delete(name);
      const now = performance.now();
      for (const name of names) if (!since.has(name)) since.set(name, now);
      if (![...since.values()].some((at) => now - at > grace)) return new Set();
      // A watch may be behind, and doesn't see what has lost its labels.
      const there = await Promise.all(away.map((one) => isThere(cluster, namespace, one)));
      away.forEach(({ component }, index) => {
        if (there[index]) since.set(component, now);
      });
      return new Set(away.filter((_, index) => !there[index]).map(({ component }) => component));
    },
    countAnew: () => since.clear(),
  };
}

/** Whether the cluster has it. Where it can't say, it is not known to be gone. */
async function isThere(cluster: Cluster, namespace: string, awaited: Awaited): Promise<boolean> {
  const { kind, name } = awaited;
  const ref = { apiVersion: apiVersionOf(awaited), kind, name, namespace };
  try {
    return (await getObject(cluster, ref)) !== undefined;
  } catch (error) {
    // Who may only watch has the watch's word.
    return !isStatus(error, 403);
  }
}
