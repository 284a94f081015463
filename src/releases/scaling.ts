import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import type { Owner } from '../plan/labels.ts';
import { scalingName } from '../plan/names.ts';
import { writeRecord } from './record.ts';

// Scaling by hand is a small release of its own kind: it says how many instances of which components, and nothing of
// what they run. All of them stand in one record, which is kept apart from the releases.

/** How many instances somebody asked for by hand. */
export interface ManualNumber {
  readonly replicas: number;
  /** What the file asked for then: once it asks for another number, that one holds. */
  readonly asked: number;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Somebody scaled. What one person does to one release within a short time is one entry. */
export interface Scaling {
  readonly at: string;
  readonly by: string;
  /** The release that was live. */
  readonly release: number;
  readonly changes: readonly { readonly component: string; readonly from: number; readonly to: number }[];
  /** The numbers of the file were brought back. */
  readonly reset?: true;
}

export interface Scalings {
  /** By object: `deployment/web`. */
  readonly numbers: Readonly<Record<string, ManualNumber>>;
  /** The newest first. */
  readonly history: readonly Scaling[];
}

export interface StoredScalings {
  readonly scalings: Scalings;
  readonly head: KubeObject | undefined;
}

export const noScalings: Scalings = { numbers: {}, history: [] };

/** How many entries are kept. They stand in an annotation, which is small. */
const most = 20;
const mostCharacters = 60_000;
/** Milliseconds within which scaling on is the same scaling. */
const together = 10 * 60 * 1000;

/** The history with one more entry, which may go into the last one. */
export function withScaling(history: readonly Scaling[], next: Scaling): Scaling[] {
  const [last, ...older] = history;
  const same =
    last !== undefined &&
    last.by === next.by &&
    last.release === next.release &&
    last.reset === next.reset &&
    Date.parse(next.at) - Date.parse(last.at) < together;
  const all = same ? [coalesced(last, next), ...older] : [next, ...history];
  const kept = all.filter(({ changes }) => changes.length > 0).slice(0, most);
  while (kept.length > 1 && JSON.stringify(kept).length > mostCharacters) kept.pop();
  return kept;
}

function coalesced(last: Scaling, next: Scaling): Scaling {
  const changes = new Map(last.changes.map((change) => [change.component, change]));
  for (const change of next.changes) {
    const from = changes.get(change.component)?.from ?? change.from;
    // There and back again is nothing.
    if (from === change.to) changes.delete(change.component);
    else changes.set(change.component, { ...change, from });
  }
  return { ...next, changes: [...changes.values()] };
}

/** Undefined when somebody else has written it since it was read. */
export function writeScalings(
  cluster: Cluster,
  owner: Owner,
  scalings: Scalings,
  before: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  const name = scalingName(owner.app, owner.environment);
  return writeRecord(cluster, { name, kind: 'scaling', owner, summary: scalings }, {}, before);
}
