import type { Cluster } from '../cluster/cluster.ts';
import { comparePlans } from '../plan/compare-plans.ts';
import {
  type DescribedDifference,
  describeDifferences,
  describeInShort,
} from '../plan/describe-differences.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { manifestsOf, type Plan } from '../plan/plan.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { noRelease, unknownRelease } from '../problems/releases.ts';
import type { Freeze } from '../releases/freeze.ts';
import type { Release, ReleaseSummary } from '../releases/release.ts';
import type { Scaling } from '../releases/scaling.ts';
import { listRecords, readRelease } from '../releases/store.ts';

export { shortImage } from '../plan/describe-differences.ts';
export { differencesToYaml } from '../plan/to-yaml.ts';

/** A release as the list shows it. */
export interface ListedRelease extends ReleaseSummary {
  /** What it says is what runs, or was to run last. */
  readonly live: boolean;
  /** What it changed, in one line; undefined where it can't be read. */
  readonly changed: string | undefined;
  /** The image of each component. */
  readonly images: Readonly<Record<string, string>>;
}

export interface ReleaseList {
  /** The newest first. */
  readonly releases: readonly ListedRelease[];
  /** How many more there are. */
  readonly more: number;
  /** What was scaled by hand, the newest first. */
  readonly scalings: readonly Scaling[];
  readonly freeze: Freeze | undefined;
}

/** The newest releases of an app, with what each changed. Throws a PaasError where there are none. */
export async function listAllReleases(cluster: Cluster, owner: Owner, limit: number): Promise<ReleaseList> {
  const { releases, scaling, freeze } = await listRecords(cluster, owner);
  if (releases.length === 0) fail(noRelease(owner.app, owner.environment, owner.namespace));
  const shown = releases.slice(0, limit);
  // One more: the oldest that is shown is compared with it.
  const plans = await Promise.all(
    releases.slice(0, limit + 1).map(({ summary }) => planOf(cluster, owner, summary.number)),
  );
  return {
    releases: shown.map(({ summary }, index) => {
      const plan = plans[index];
      return {
        ...summary,
        live: index === 0,
        changed: changedIn(summary, plan, plans[index + 1], index + 1 === releases.length),
        images: plan ? imagesOf(plan) : {},
      };
    }),
    more: releases.length - shown.length,
    scalings: scaling.scalings.history,
    freeze: freeze?.freeze,
  };
}

/** A record that is broken is no reason not to list the others. */
async function planOf(cluster: Cluster, owner: Owner, number: number): Promise<Plan | undefined> {
  try {
    return (await readRelease(cluster, owner, number))?.plan;
  } catch (error) {
    if (error instanceof PaasError && error.problems[0]?.code === 'record-broken') return undefined;
    throw error;
  }
}

function changedIn(
  { rollback_to: to, only }: ReleaseSummary,
  plan: Plan | undefined,
  before: Plan | undefined,
  first: boolean,
): string | undefined {
  if (!plan) return undefined;
  const back =
    to === undefined ? '' : `back to ${to}${only ? ` (${only} only)` : ''}${before || first ? ': ' : ''}`;
  if (!before && !first) return back || undefined;
  if (first) return `${back}first release`;
  return back + describeInShort(comparePlans(before, plan));
}

interface Pods {
  readonly template?: { readonly spec: { readonly containers: readonly { readonly image?: string }[] } };
  readonly jobTemplate?: { readonly spec: Pods };
}

/** The image of each component, of its first container. */
export function imagesOf(plan: Plan): Record<string, string> {
  const images: Record<string, string> = {};
  for (const { kind, metadata, spec } of manifestsOf(plan)) {
    const component = metadata.labels?.[labelKeys.component];
    const { template, jobTemplate } = (spec ?? {}) as Pods;
    const image = (template ?? jobTemplate?.spec.template)?.spec.containers?.[0]?.image;
    if (component && image && kind !== 'Pod') images[component] ??= image;
  }
  return images;
}

/** The objects that hold its configuration, by name. Those whose name ends in a hash never change. */
export function configOf(plan: Plan): string[] {
  return manifestsOf(plan)
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ metadata }) => metadata.name);
}

/** One release. Throws a PaasError where it isn't there or can't be read. */
export async function findRelease(cluster: Cluster, owner: Owner, number: number): Promise<Release> {
  const release = await readRelease(cluster, owner, number);
  if (release) return release;
  const known = (await listRecords(cluster, owner)).releases.map(({ summary }) => summary.number);
  if (known.length === 0) fail(noRelease(owner.app, owner.environment, owner.namespace));
  return fail(unknownRelease(number, known));
}

/** What differs between two releases. */
export async function compareReleases(
  cluster: Cluster,
  owner: Owner,
  from: number,
  to: number,
): Promise<DescribedDifference[]> {
  const [before, after] = await Promise.all([
    findRelease(cluster, owner, from),
    findRelease(cluster, owner, to),
  ]);
  return describeDifferences(comparePlans(before.plan, after.plan));
}

/** The release whose failure is asked about: one by its number, or the newest that didn't succeed; else the newest. */
export async function findFailed(
  cluster: Cluster,
  owner: Owner,
  number: number | undefined,
): Promise<Release> {
  if (number !== undefined) return findRelease(cluster, owner, number);
  const { releases } = await listRecords(cluster, owner);
  const wanted = releases.find(({ summary }) => summary.outcome === 'failed') ?? releases[0];
  if (!wanted) fail(noRelease(owner.app, owner.environment, owner.namespace));
  return findRelease(cluster, owner, wanted.summary.number);
}
