import { inLastingNamespace } from '../changes/read-namespace.ts';
import type { State } from '../changes/read-state.ts';
import type { Event } from '../events.ts';
import { comparePlans } from '../plan/compare-plans.ts';
import { inUnits, type ManualSize, sizeIn, type Unit, withSize } from '../plan/manual-size.ts';
import { kindsOf } from '../plan/plan.ts';
import { unknownComponent } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { noRelease } from '../problems/releases.ts';
import { badUsage } from '../problems/usage.ts';
import { listReleases, readRelease } from '../releases/store.ts';
import { bring } from './deploy.ts';
import type { BringOptions, Goal } from './options.ts';
import { goalOfRelease, refuseUnfinished } from './rollback-goal.ts';

export interface ResizeOptions
  extends Omit<BringOptions, 'kinds' | 'choose' | 'mayCreateNamespace' | 'consent'> {
  /** Units of each instance, by component; `file`: what the file says again. */
  readonly sizes: ReadonlyMap<string, number | 'file'>;
  /** Every size that was set by hand goes back to that of the file. */
  readonly resetAll: boolean;
  /** How large a unit is; undefined where no file tells: then as the newest release noted it. */
  readonly unit: Unit | undefined;
  /** When: ISO 8601. */
  readonly at: string;
}

/**
 * Gives instances of components another size: what is live, as a release in which nothing else changes. It is applied,
 * waited for and taken back as every other; later deploys keep the size until the file says another one.
 */
export async function* resize(options: ResizeOptions): AsyncGenerator<Event> {
  const { cluster, owner } = options;
  const [newest] = await inLastingNamespace(cluster, owner.namespace, () => listReleases(cluster, owner));
  const release = newest && (await readRelease(cluster, owner, newest.summary.number));
  if (!release) return fail(noRelease(owner.app, owner.environment, owner.namespace));
  yield* bring({
    ...options,
    kinds: kindsOf(release.plan),
    choose: (state) => resizedGoal(options, state),
    mayCreateNamespace: false,
  });
}

/** Whether any of these components has a size that was set by hand; none named: any at all. */
export async function isResized(
  { cluster, owner }: Pick<ResizeOptions, 'cluster' | 'owner'>,
  components: readonly string[],
): Promise<boolean> {
  const sizes = Object.keys((await listReleases(cluster, owner))[0]?.summary.sizes ?? {});
  return sizes.some((name) => components.length === 0 || components.includes(name));
}

async function resizedGoal(options: ResizeOptions, state: State): Promise<Goal> {
  const { cluster, owner, resetAll, at } = options;
  const newest = state.releases[0]?.summary ?? fail(noRelease(owner.app, owner.environment, owner.namespace));
  const unit = options.unit ?? newest.unit;
  const release = await readRelease(cluster, owner, newest.number);
  if (release) refuseUnfinished(release, state);
  const live = await goalOfRelease(cluster, state, newest.number, {});
  const { rollback_to: _, ...notes } = live.notes ?? {};
  const sizes: Record<string, ManualSize> = { ...notes.sizes };
  const { by } = await options.by();
  let { plan } = live;
  const known = plan.scale.map(({ component }) => component);
  const wanted = resetAll
    ? Object.keys(sizes).map((component) => [component, 'file'] as const)
    : [...options.sizes];
  for (const [component, units] of wanted) {
    const now = sizeIn(plan, component);
    if (!now) return fail(unknownComponent(component, known, nearest(component, known)));
    const file = sizes[component]?.file ?? now;
    delete sizes[component];
    if (units === 'file') {
      plan = withSize(plan, component, file);
    } else {
      const size = inUnits(file, unit ?? fail(unitUnknown(owner.app)), units);
      plan = withSize(plan, component, size);
      // Said once more, it is still the same one.
      const before = notes.sizes?.[component];
      sizes[component] = before?.units === units ? before : { units, size, file, by, at };
    }
  }
  const { sizes: __, ...rest } = notes;
  return {
    plan,
    versions: live.versions,
    notes: { ...rest, ...(unit && { unit }), ...(Object.keys(sizes).length > 0 && { sizes }) },
    differences: comparePlans(live.plan, plan),
    ...(live.warnings && { warnings: live.warnings }),
  };
}

const unitUnknown = (app: string) =>
  badUsage(
    `The releases of ${app} don't say yet how large a unit is.`,
    'Run it beside paas.yaml, or deploy once with this version of paas.',
  );
