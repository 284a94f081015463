import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, managerName, ownerName, releaseName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { deleteRecord, readRecord, readSummary, writeRecord, writeSummary } from './record.ts';
import type { Release, ReleaseSummary } from './release.ts';

/** A release as the list knows it: without its plan. */
export interface StoredRelease {
  readonly summary: ReleaseSummary;
  readonly head: KubeObject;
}

/** How many releases are kept, besides the last that succeeded. */
const kept = 20;

/** The releases of an app in an environment, the newest first. */
export async function listReleases(cluster: Cluster, owner: Owner): Promise<StoredRelease[]> {
  const { items } = await listObjects(cluster, {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: owner.namespace,
    labelSelector: `${labelKeys.owner}=${ownerName(owner.app, owner.environment)},${labelKeys.record}=release`,
    metadataOnly: true,
  });
  return items
    .map((head) => ({ head, summary: readSummary<ReleaseSummary>(head) }))
    .filter((release): release is StoredRelease => release.summary !== undefined)
    .sort((a, b) => b.summary.number - a.summary.number);
}

export async function readRelease(
  cluster: Cluster,
  owner: Owner,
  number: number,
): Promise<Release | undefined> {
  const record = await readRecord<Plan>(
    cluster,
    owner.namespace,
    releaseName(owner.app, owner.environment, number),
  );
  const summary = record && readSummary<ReleaseSummary>(record.head);
  return record && summary && { plan: record.body, summary };
}

/** Writes a release that has begun. Undefined where one of that number is there: somebody else was faster. */
export async function createRelease(
  cluster: Cluster,
  owner: Owner,
  summary: ReleaseSummary,
  plan: Plan,
): Promise<StoredRelease | undefined> {
  const name = releaseName(owner.app, owner.environment, summary.number);
  const head = await writeRecord(cluster, { name, kind: 'release', owner, summary }, plan, undefined);
  return head && { head, summary };
}

/** Says how a release ended. */
export async function closeRelease(
  cluster: Cluster,
  owner: Owner,
  release: StoredRelease,
  end: Pick<ReleaseSummary, 'outcome' | 'cause'>,
): Promise<void> {
  const { cause: _, ...rest } = release.summary;
  await writeSummary(cluster, release.head, { ...rest, ...end }, managerName(owner.app, owner.environment));
}

/** Removes the oldest releases beyond those that are kept. The last that succeeded always stays. */
export async function forgetOldReleases(cluster: Cluster, releases: readonly StoredRelease[]): Promise<void> {
  const good = releases.find(({ summary }) => summary.outcome === 'succeeded');
  for (const release of releases.slice(kept)) {
    if (release !== good) await deleteRecord(cluster, release.head);
  }
}
