import { hasEndedWell } from '../changes/changes.ts';
import { keyOf, type State } from '../changes/read-state.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { labelKeys } from '../plan/names.ts';
import { type Manifest, manifestsOf, type Plan } from '../plan/plan.ts';
import { fail } from '../problems/problem.ts';
import { jobsUnfinished, noRelease, secretVersionGone, unknownRelease } from '../problems/releases.ts';
import { refKey } from '../releases/inventory.ts';
import type { Release } from '../releases/release.ts';
import { readRelease, type StoredRelease } from '../releases/store.ts';
import type { Goal } from './options.ts';
import { combinePlans } from './part-of-release.ts';

/**
 * What brings an old release back: its plan, as it was recorded, with the versions of secrets that it had. Its jobs
 * don't run again. Throws a PaasError where one of those secrets is gone.
 */
export async function goalOfRelease(
  cluster: Cluster,
  state: State,
  number: number,
  notes: NonNullable<Goal['notes']>,
): Promise<Goal> {
  const target = await readKnown(cluster, state, number);
  const part = notes.only;
  const current = part && (await readKnown(cluster, state, state.releases[0]!.summary.number));
  if (current) refuseUnfinished(current, state);
  const plan = current ? combinePlans(current.plan, target.plan, part) : target.plan;
  const old = target.summary.secrets ?? {};
  const versions = !current
    ? old
    : part === 'image'
      ? (current.summary.secrets ?? {})
      : { ...current.summary.secrets, ...old };
  const stored = new Set(state.storedSecrets.map(({ name, version }) => `${name}/${version}`));
  const missing = Object.entries(part === 'image' ? {} : old)
    .filter(([name, version]) => !stored.has(`${name}/${version}`))
    .map(([name, version]) => ({ name, version }));
  if (missing.length > 0) fail(secretVersionGone(number, missing));
  // Where its plan comes from: what it was made of, and by which version of this program.
  const { git, platform, source, tool, unit } = target.summary;
  // With its plan come the sizes in it that were set by hand.
  const { sizes } = (current ?? target).summary;
  const origin = !part && {
    tool,
    ...(git && { git }),
    ...(platform && { platform }),
    ...(source && { source }),
    ...(unit && { unit }),
  };
  return {
    plan: withoutJobs(plan, state),
    versions,
    notes: { rollback_to: number, ...notes, ...origin, ...(sizes && { sizes }) },
    warnings: warningsFor(target, state.releases),
  };
}

/** Nothing is built upon a release that has its jobs still before it. Throws a PaasError. */
export function refuseUnfinished({ summary, plan }: Pick<Release, 'summary' | 'plan'>, state: State): void {
  if (summary.outcome === 'succeeded') return;
  const known = knownOnes(state);
  const jobs = manifestsOf(plan).filter(({ kind }) => kind === 'Job');
  const behind = jobs.every((job) => hasEndedWell(state.live.get(refKey(keyOf(job)))) || known(job));
  if (!behind) fail(jobsUnfinished(summary.number));
}

async function readKnown(cluster: Cluster, { owner, releases }: State, number: number): Promise<Release> {
  const known = releases.map(({ summary }) => summary.number);
  if (known.length === 0) fail(noRelease(owner.app, owner.environment, owner.namespace));
  if (!known.includes(number)) fail(unknownRelease(number, known));
  return (await readRelease(cluster, owner, number)) ?? fail(unknownRelease(number, known));
}

/** Jobs of a release don't run again. One that runs once in the life of an app stays noted as having run. */
function withoutJobs(plan: Plan, state: State): Plan {
  const known = knownOnes(state);
  const stays = (manifest: Manifest): boolean => manifest.kind !== 'Job' || known(manifest);
  const phases = plan.phases
    .map((phase) => ({ ...phase, manifests: phase.manifests.filter(stays) }))
    .filter(({ manifests }) => manifests.length > 0);
  return { ...plan, phases };
}

/** Whether a job runs once in the life of the app, and has. */
function knownOnes(state: State): (job: Manifest) => boolean {
  const known = new Set(state.inventory.inventory.entries.map(refKey));
  return (job) =>
    job.metadata.annotations?.[labelKeys.run] === 'once' &&
    known.has(refKey(keyOf(job))) &&
    !isUnfinished(state.live.get(refKey(keyOf(job))));
}

const isUnfinished = (live: KubeObject | undefined): boolean => live !== undefined && !hasEndedWell(live);

function warningsFor({ summary }: Release, releases: readonly StoredRelease[]): string[] {
  const since = releases
    .filter((release) => release.summary.number > summary.number && release.summary.ran_jobs)
    .map((release) => release.summary.number);
  return [
    ...(summary.outcome === 'succeeded'
      ? []
      : [
          `Release ${summary.number} did not succeed (${summary.outcome === 'pending' ? 'interrupted' : summary.outcome}).`,
        ]),
    ...(since.length > 0
      ? [
          `Jobs ran before release ${since.reverse().join(' and ')}, and are not undone: what they changed, such as a database, stays as it is.`,
        ]
      : []),
  ];
}
