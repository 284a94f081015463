import { type Changes, isEmpty, planChanges, summarize } from '../changes/changes.ts';
import { checkConsent } from '../changes/check-consent.ts';
import type { Consent } from '../changes/consent.ts';
import { type Drift, readDrift } from '../changes/drift.ts';
import { lastApplied } from '../changes/last-applied.ts';
import { keyOf, ownerOf, readState, type State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import { compareManifests, type Difference } from '../plan/compare-plans.ts';
import type { ManualSizes } from '../plan/manual-size.ts';
import { type Manifest, manifestsOf, type Plan } from '../plan/plan.ts';
import { PaasError, type Problem } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { preflight } from './apply.ts';
import { choosePlan } from './choose-plan.ts';
import { copyChanges, lookAtCopies, unneededCopies } from './copy-pull-secrets.ts';
import type { DeployOptions } from './options.ts';
import { type SavedPlan, seenBy } from './saved-plan.ts';

/** What a deploy would do, and what has happened in the cluster since the last one. */
export interface Diff {
  /** The newest release; undefined before the first deploy. */
  readonly release: ReleaseSummary | undefined;
  /** Another version of this program made the newest release. */
  readonly tool: { readonly from: string; readonly to: string; readonly onlyTool: boolean } | undefined;
  /** What the file says otherwise than what was applied last. */
  readonly file: readonly Difference[];
  /** What others did in the cluster since then. */
  readonly drift: readonly Drift[];
  /** What a deploy would do to each object. */
  readonly changes: readonly ChangeSummary[];
  /** Whether it would do anything. */
  readonly pending: boolean;
  /** Why the cluster would refuse it. */
  readonly problems: readonly Problem[];
  readonly plan: Plan;
  /** The sizes of instances in it that were set by hand. */
  readonly sizes: ManualSizes;
  readonly seen: SavedPlan['seen'];
  /** The newest version of each stored secret. */
  readonly secrets: Readonly<Record<string, number>>;
}

export interface DiffOptions extends Pick<DeployOptions, 'cluster' | 'planFor' | 'secrets' | 'images'> {
  readonly consent: Consent;
  /** The version of this program. */
  readonly tool: string;
  /** A hash of all that people wrote. */
  readonly source: () => string;
}

/** Reads and compares. Nothing is written; what exists and would change is tried by dry runs. */
export async function readDiff(options: DiffOptions): Promise<Diff> {
  const { cluster, tool } = options;
  const outline = options.planFor({ release: 1, secrets: {}, images: options.images.known });
  const kinds = manifestsOf(outline);
  const state = await readState(cluster, ownerOf(outline), kinds);
  const { plan, sizes } = choosePlan(options, state);
  const { consent } = options;
  const changes = planChanges(plan, state, consent);
  checkConsent(consent, plan, changes);
  const [applied, tried, copies] = await Promise.all([
    lastApplied(cluster, state),
    refusals(cluster, plan, changes, consent),
    lookAtCopies(cluster, ownerOf(plan), plan),
  ]);
  const drift = await readDrift(cluster, plan, state, applied);
  const unneeded = unneededCopies(plan, state);
  const release = state.releases[0]?.summary;
  const otherTool = release !== undefined && release.tool !== tool;
  return {
    release,
    tool: otherTool
      ? {
          from: release.tool,
          to: tool,
          onlyTool: release.source !== undefined && release.source === options.source(),
        }
      : undefined,
    file: [...compareManifests(before(plan, applied), manifestsOf(plan)), ...numbers(plan, state)],
    drift,
    changes: [...copyChanges(copies.stale, unneeded), ...summarize(tried.changes)],
    pending: !isEmpty(changes) || copies.stale.length + unneeded.length > 0,
    problems: [...copies.problems, ...tried.problems],
    plan,
    sizes,
    seen: seenBy(plan, changes, state),
    secrets: Object.fromEntries(options.secrets.map(({ name }) => [name, state.secrets[name] ?? 0])),
  };
}

/** What was applied, in the order of the plan; what the plan no longer has comes last. */
function before(plan: Plan, applied: ReadonlyMap<string, Manifest>): Manifest[] {
  const order = new Map(manifestsOf(plan).map((manifest, index) => [refKey(keyOf(manifest)), index]));
  const place = (key: string): number => order.get(key) ?? order.size;
  return [...applied].sort(([a], [b]) => place(a) - place(b)).map(([, manifest]) => manifest);
}

/** The numbers of instances that the file asks for, where it asked for others before. */
function numbers(plan: Plan, { inventory }: State): Difference[] {
  return plan.scale.flatMap((scale): Difference[] => {
    const key = refKey(scale);
    const from = inventory.inventory.scale[key];
    if (scale.autoscaler || from === undefined || from === scale.replicas) return [];
    return [
      {
        object: key,
        component: scale.component,
        action: 'update',
        field: 'spec.replicas',
        words: 'instances',
        from,
        to: scale.replicas,
      },
    ];
  });
}

async function refusals(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  consent: Consent,
): Promise<{ changes: Changes; problems: readonly Problem[] }> {
  try {
    return { changes: await preflight(cluster, plan, changes, consent), problems: [] };
  } catch (error) {
    if (error instanceof PaasError) return { changes, problems: error.problems };
    throw error;
  }
}
