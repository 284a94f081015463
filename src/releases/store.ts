import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, managerName, ownerName, releaseName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { Problem } from '../problems/problem.ts';
import { restoreEvidence, storeEvidence } from './evidence.ts';
import type { Freeze, StoredFreeze } from './freeze.ts';
import { deleteRecord, readAttached, readRecord, readSummary, writeRecord, writeSummary } from './record.ts';
import type { Release, ReleaseSummary } from './release.ts';
import { releasesToForget } from './retention.ts';
import { noScalings, type Scalings, type StoredScalings } from './scaling.ts';

/** A release as the list knows it: without its plan. */
export interface StoredRelease {
  readonly summary: ReleaseSummary;
  readonly head: KubeObject;
}

/** What one list tells of an app in an environment. */
export interface Records {
  /** The newest first. */
  readonly releases: readonly StoredRelease[];
  readonly scaling: StoredScalings;
  readonly freeze: StoredFreeze | undefined;
}

export const noRecords: Records = {
  releases: [],
  scaling: { scalings: noScalings, head: undefined },
  freeze: undefined,
};

/** The releases of an app in an environment, how it was scaled by hand, and whether it is frozen: one request. */
export async function listRecords(cluster: Cluster, owner: Owner): Promise<Records> {
  const { items } = await listObjects(cluster, {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: owner.namespace,
    labelSelector: `${labelKeys.owner}=${ownerName(owner.app, owner.environment)},${labelKeys.record} in (release,scaling,freeze)`,
    metadataOnly: true,
  });
  const of = <T>(kind: string): { head: KubeObject; summary: T }[] =>
    items
      .filter(({ metadata }) => metadata.labels?.[labelKeys.record] === kind)
      .map((head) => ({ head, summary: readSummary<T>(head) }))
      .filter((record): record is { head: KubeObject; summary: T } => record.summary !== undefined);
  const [scaling] = of<Scalings>('scaling');
  const [freeze] = of<Freeze>('freeze');
  return {
    releases: of<ReleaseSummary>('release').sort((a, b) => b.summary.number - a.summary.number),
    scaling: scaling ? { scalings: scaling.summary, head: scaling.head } : noRecords.scaling,
    freeze: freeze && { freeze: freeze.summary, head: freeze.head },
  };
}

/** The releases of an app in an environment, the newest first. */
export async function listReleases(cluster: Cluster, owner: Owner): Promise<readonly StoredRelease[]> {
  return (await listRecords(cluster, owner)).releases;
}

/** A release with its plan. Undefined where it isn't there; throws a PaasError where it can't be read. */
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
  if (!record || !summary) return undefined;
  const evidence = restoreEvidence(readAttached<ReturnType<typeof storeEvidence>>(record.head) ?? []);
  return { plan: record.body, summary, evidence };
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

/** Says how a release ended, and keeps with it why it failed. */
export async function closeRelease(
  cluster: Cluster,
  owner: Owner,
  release: StoredRelease,
  end: Pick<ReleaseSummary, 'outcome' | 'cause' | 'ran_jobs'>,
  problems: readonly Problem[],
): Promise<void> {
  const { cause: _, ...rest } = release.summary;
  const manager = managerName(owner.app, owner.environment);
  const evidence = problems.length > 0 ? storeEvidence(problems) : undefined;
  await writeSummary(cluster, release.head, { ...rest, ...end }, manager, evidence);
}

/** Removes the releases that are no longer kept. `now` in milliseconds. */
export async function forgetOldReleases(
  cluster: Cluster,
  releases: readonly StoredRelease[],
  now: number,
): Promise<void> {
  for (const release of releasesToForget(releases, now)) await deleteRecord(cluster, release.head);
}
