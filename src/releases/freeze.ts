import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { freezeName } from '../plan/names.ts';
import { fail } from '../problems/problem.ts';
import { frozen } from '../problems/releases.ts';
import { writeRecord } from './record.ts';

/** Somebody wants nothing to be changed for a while. Not the lock of a deploy: nobody's process stands behind it. */
export interface Freeze {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly message: string;
}

export interface StoredFreeze {
  readonly freeze: Freeze;
  readonly head: KubeObject;
}

/** Undefined when there is one by now. */
export function writeFreeze(cluster: Cluster, owner: Owner, freeze: Freeze): Promise<KubeObject | undefined> {
  const name = freezeName(owner.app, owner.environment);
  return writeRecord(cluster, { name, kind: 'freeze', owner, summary: freeze }, {}, undefined);
}

/** Ends what would change a frozen app. */
export function refuseFrozen(stored: StoredFreeze | undefined, owner: Owner): void {
  if (stored) fail(frozen(owner.environment, stored.freeze));
}
