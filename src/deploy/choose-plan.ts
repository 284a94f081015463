import { hasEndedWell, isEmpty, planChanges } from '../changes/changes.ts';
import { hashOf } from '../changes/hash.ts';
import { keyOf, type State } from '../changes/read-state.ts';
import { type ManualSizes, withManualSizes } from '../plan/manual-size.ts';
import type { Manifest, Plan } from '../plan/plan.ts';
import { secretMissing } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import type { DeployOptions } from './options.ts';
import { settleImages } from './settle-images.ts';

/**
 * The plan of the next release; or that of the last one, where it still says everything: jobs carry the number of
 * their release, and nothing else must make a release of nothing. A failed deploy with jobs before it is begun anew; one
 * that was interrupted after its jobs had ended well goes on: they have run for this very plan. Sizes that were
 * set by hand are in it, as long as the file says what it said then.
 */
export function choosePlan(
  { planFor, secrets, images: inputs }: Pick<DeployOptions, 'planFor' | 'secrets' | 'images'>,
  state: State,
): { readonly plan: Plan; readonly sizes: ManualSizes } {
  const missing = secrets.filter(({ name }) => state.secrets[name] === undefined);
  if (missing.length > 0) fail(...missing.map(({ name, at }) => secretMissing(name, at)));
  const last = state.releases[0]?.summary;
  const images = settleImages(inputs, state);
  const planned = (release: number) =>
    withManualSizes(planFor({ release, secrets: state.secrets, images }), last?.sizes ?? {});
  const next = planned((last?.number ?? 0) + 1);
  if (!last) return next;
  const same = planned(last.number);
  const jobs = jobsOf(next.plan);
  if (jobs.length > 0 && last.outcome !== 'succeeded') return wentSoFar(same.plan, last, state) ? same : next;
  return isEmpty(planChanges(same.plan, state)) ? same : next;
}

/** Whether the last release is of this very plan and was interrupted with its jobs behind it. */
export function wentSoFar(plan: Plan, last: ReleaseSummary, state: State): boolean {
  const interrupted = last.outcome === 'pending' || last.outcome === 'interrupted';
  const jobs = jobsOf(plan);
  return (
    interrupted &&
    jobs.length > 0 &&
    last.plan === hashOf(plan) &&
    jobs.every((job) => hasEndedWell(state.live.get(refKey(keyOf(job)))))
  );
}

function jobsOf({ phases }: Plan): readonly Manifest[] {
  return phases.find(({ name }) => name === 'jobs')?.manifests ?? [];
}
