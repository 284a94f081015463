import type { Cluster } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { recordMoved } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { noRelease } from '../problems/releases.ts';
import { type Freeze, refuseFrozen, writeFreeze } from '../releases/freeze.ts';
import { deleteRecord } from '../releases/record.ts';
import { listRecords } from '../releases/store.ts';

/**
 * Says that nothing is to be changed until it is unlocked. Throws a PaasError where somebody has said so already, or
 * nothing is deployed. A deploy that runs right now goes on.
 */
export async function freezeApp(cluster: Cluster, owner: Owner, freeze: Freeze): Promise<void> {
  const { releases, freeze: before } = await listRecords(cluster, owner);
  if (releases.length === 0) fail(noRelease(owner.app, owner.environment, owner.namespace));
  refuseFrozen(before, owner);
  if (!(await writeFreeze(cluster, owner, freeze))) fail(recordMoved());
}

/** Takes the lock away, whoever made it. Gives what it was; undefined where there was none. */
export async function unfreezeApp(cluster: Cluster, owner: Owner): Promise<Freeze | undefined> {
  const { freeze } = await listRecords(cluster, owner);
  if (freeze) await deleteRecord(cluster, freeze.head);
  return freeze?.freeze;
}
