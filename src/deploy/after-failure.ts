import { planChanges, summarize } from '../changes/changes.ts';
import { hashOf } from '../changes/hash.ts';
import type { State } from '../changes/read-state.ts';
import type { EndOutcome, Event } from '../events.ts';
import { PaasError } from '../problems/problem.ts';
import { rollbackFailed } from '../problems/releases.ts';
import type { StoredRelease } from '../releases/store.ts';
import { preflight } from './apply.ts';
import type { RunOptions } from './options.ts';
import { goalOfRelease } from './rollback-goal.ts';
import { type ReleaseResult, runRelease } from './run-release.ts';

/** How a run ended. */
export interface End {
  readonly outcome: EndOutcome;
  readonly release: number;
  readonly failed?: number;
  readonly to?: number;
}

/**
 * What is done after a release has failed, under the same lock. Where a good release is there and no job ran that
 * changed what can't be taken back, that one comes back, as a release of its own; else what is there stays. Why it
 * failed is stored by then.
 */
export async function* afterFailure(
  options: RunOptions,
  { release: failed, ranJobs }: ReleaseResult,
  read: () => AsyncGenerator<Event, State>,
): AsyncGenerator<Event, End> {
  const keep: End = { outcome: 'failed', release: failed };
  // A rollback that fails is not taken back in turn.
  if (options.onFailure === 'keep' || options.notes?.rollback_of !== undefined) return keep;
  const state = yield* read();
  const good = lastGood(state);
  if (!good) {
    if (options.onFailure === 'rollback') {
      yield { type: 'warning', message: 'There is no release that succeeded: what is there stays.' };
    }
    return keep;
  }
  // The very same was good before: what fails is something around it, and would fail again.
  if (good.summary.plan === hashOf(options.plan)) return keep;
  if (ranJobs && options.onFailure === undefined) {
    yield {
      type: 'warning',
      message: `Jobs ran before it: what is there stays. To go back all the same: paas rollback ${good.summary.number}.`,
    };
    return keep;
  }
  const to = good.summary.number;
  yield { type: 'rollback', failed, to };
  try {
    const goal = await goalOfRelease(options.cluster, state, to, { rollback_of: failed, automatic: true });
    const changes = planChanges(goal.plan, state);
    // What was agreed to on the way there holds on the way back.
    const checked = await preflight(options.cluster, goal.plan, changes, options.consent);
    yield { type: 'changes', changes: summarize(checked) };
    // Where it was in the file is not where the old release has it.
    const { by, tool } = options.by;
    const run: RunOptions = { ...options, ...goal, by: { by, tool }, placeOf: () => undefined };
    const result = yield* runRelease(run, state, checked);
    if (result.outcome === 'succeeded')
      return { outcome: 'rolled_back', release: result.release, failed, to };
    yield { type: 'problem', problem: rollbackFailed(failed, result.release) };
    return { outcome: 'rollback_failed', release: result.release, failed, to };
  } catch (error) {
    if (!(error instanceof PaasError) || options.signal.aborted) throw error;
    // The cluster's API is no fault of the rollback: the same command again goes on.
    if (error.problems.some(({ kind }) => kind === 'cluster')) throw error;
    for (const problem of error.problems) yield { type: 'problem', problem };
    return { outcome: 'rollback_failed', release: failed, failed, to };
  }
}

function lastGood({ releases }: State): StoredRelease | undefined {
  return releases.find(({ summary }) => summary.outcome === 'succeeded');
}
