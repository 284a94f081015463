import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '../changes/changes.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { applyObject } from '../cluster/objects.ts';
import { managerName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';

/** Milliseconds: how often it is asked, and how long at most. */
const askAgainAfter = 200;
const patience = 10_000;

/**
 * Waits until KEDA has noticed that what scaled a workload before is gone: its webhook looks at a copy of the cluster,
 * which learns of it a moment later. Whatever else it says is told when the object is applied.
 */
export async function awaitNoticed(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  const manager = managerName(plan.app, plan.environment);
  const until = performance.now() + patience;
  for (const { manifest } of changes.apply.filter(({ phase }) => phase === 'autoscalers')) {
    while (performance.now() < until && (await isRefused(cluster, manifest as KubeObject, manager))) {
      await sleep(askAgainAfter, undefined, { signal });
    }
  }
}

async function isRefused(cluster: Cluster, object: KubeObject, manager: string): Promise<boolean> {
  try {
    await applyObject(cluster, object, { manager, dryRun: true });
    return false;
  } catch (error) {
    return /already managed by the (hpa|ScaledObject)/i.test((error as Error).message);
  }
}
