import { hasEndedWell, isEmpty, planChanges } from '../changes/changes.ts';
import { hashOf } from '../changes/hash.ts';
import { keyOf, type State } from '../changes/read-state.ts';
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
 * that was interrupted after its jobs had ended well goes on: they have run for this very plan.
 */
export function choosePlan(
  { planFor, secrets, images: inputs }: Pick<DeployOptions, 'planFor' | 'secrets' | 'images'>,
  state: State,
): Plan {
  const missing = secrets.filter(({ name }) => state.secrets[name] === undefined);
  if (missing.length > 0) fail(...missing.map(({ name, at }) => secretMissing(name, at)));
  const last = state.releases[0]?.summary;
  const images = settleImages(inputs, state);
  const next = planFor({ release: (last?.number ?? 0) + 1, secrets: state.secrets, images });
  if (!last) return next;
  const same = planFor({ release: last.number, secrets: state.secrets, images });
  const jobs = jobsOf(next);
  if (jobs.length > 0 && last.outcome !== 'succeeded') return wentSoFar(same, last, state) ? same : next;
  return isEmpty(planChanges(same, state)) ? same : next;
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
