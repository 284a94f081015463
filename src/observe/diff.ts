import { describeDrift, describeManager, fates } from '../changes/describe-drift.ts';
import type { Drift } from '../changes/drift.ts';
import type { Diff } from '../deploy/read-diff.ts';
import { type DescribedDifference, describeDifferences } from '../plan/describe-differences.ts';
import { describeSize, describeUnits } from '../plan/manual-size.ts';
import { refKey } from '../releases/inventory.ts';

/** A diff with its words, for people and scripts. */
export interface DiffReport extends Pick<Diff, 'tool' | 'changes' | 'pending' | 'problems'> {
  readonly release: Diff['release'] | null;
  readonly file: readonly (DescribedDifference & { readonly action: 'create' | 'update' | 'delete' })[];
  readonly drift: readonly DescribedDrift[];
}

export interface DescribedDrift extends Omit<Drift, 'manager' | 'time'> {
  /** `env ADDED added: 1` */
  readonly words: string;
  /** The program that did it; where nobody notes it, it isn't there. */
  readonly manager?: string;
  /** The same as people know it: `the autoscaler`. */
  readonly by?: string;
  /** RFC 3339. */
  readonly time?: string;
  /** What a deploy does about it, in words. */
  readonly outcome: string;
}

export function describeDiff(diff: Diff): DiffReport {
  const { tool, changes, pending, problems, release, file } = diff;
  const described = describeDifferences(file);
  return {
    release: release ?? null,
    tool,
    file: described.map((one, index) => ({ ...one, action: file[index]!.action })),
    drift: [
      ...diff.drift.map(({ manager, time, ...drift }) => ({
        ...drift,
        words: describeDrift({ ...drift, manager, time }),
        ...(manager !== undefined && { manager, by: describeManager(manager) }),
        ...(time !== undefined && { time }),
        outcome: fates[drift.fate],
      })),
      ...sizesByHand(diff),
    ],
    changes,
    pending,
    problems,
  };
}

/** Sizes that `paas scale` has set. */
function sizesByHand({ plan, sizes }: Diff): DescribedDrift[] {
  return plan.scale.flatMap((scale): DescribedDrift[] => {
    const set = sizes[scale.component];
    if (!set) return [];
    const { units, size, file, by, at } = set;
    return [
      {
        object: refKey(scale),
        field: 'units',
        from: file,
        to: size,
        fate: 'kept',
        words: `${describeUnits(units)} for each instance (${describeSize(size)}); the file says ${describeSize(file)}`,
        by: `paas scale (${by})`,
        time: at,
        outcome: fates.kept,
      },
    ];
  });
}
