import type { Plan } from '../plan/plan.ts';
import { secretMissing } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { isEmpty, planChanges } from './changes.ts';
import type { DeployOptions } from './options.ts';
import type { State } from './read-state.ts';

/**
 * The plan of the next release; or that of the last one, where it still says everything: jobs carry the number of
 * their release, and nothing else must make a release of nothing. A failed deploy with jobs before it is begun anew.
 */
export function choosePlan(
  { planFor, secrets }: Pick<DeployOptions, 'planFor' | 'secrets'>,
  state: State,
): Plan {
  const missing = secrets.filter(({ name }) => state.secrets[name] === undefined);
  if (missing.length > 0) fail(...missing.map(({ name, at }) => secretMissing(name, at)));
  const last = state.releases[0]?.summary;
  const next = planFor({ release: (last?.number ?? 0) + 1, secrets: state.secrets });
  if (!last) return next;
  const hasJobs = next.phases.some(({ name }) => name === 'jobs');
  if (hasJobs && last.outcome !== 'succeeded') return next;
  const same = planFor({ release: last.number, secrets: state.secrets });
  return isEmpty(planChanges(same, state)) ? same : next;
}
