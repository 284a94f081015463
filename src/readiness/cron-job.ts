import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import type { Facts } from './facts.ts';
import { jobReadiness } from './job.ts';

/** How a scheduled job is: what became of its last run. A deploy doesn't wait for one: its time will come. */
export interface CronJobState {
  /** `waiting`: it hasn't run yet, or of its last run nothing is kept. `stopped`: somebody has suspended it. */
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'absent';
  readonly schedule: string;
  readonly time_zone?: string;
  /** When its last run began: RFC 3339. */
  readonly at?: string;
  readonly cause?: Cause;
}

/** Source: Kubernetes API, batch/v1 CronJobStatus. `facts.workloads` has the Jobs that it made. */
export function cronJobState(
  cronJob: KubeObject,
  facts: Omit<Facts, 'replicaSets'>,
  now: number,
): CronJobState {
  const { schedule = '', timeZone, suspend } = cronJob.spec ?? {};
  const when = { schedule, ...(timeZone && { time_zone: timeZone }) };
  const [last] = facts.workloads
    .filter(
      ({ kind, metadata }) =>
        kind === 'Job' && metadata.ownerReferences?.some(({ uid }) => uid === cronJob.metadata.uid),
    )
    .sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
  const at: string | undefined = last ? startOf(last) : cronJob.status?.lastScheduleTime;
  const base = { ...when, ...(at && { at }) };
  if (suspend) return { ...base, state: 'stopped' };
  if (!last) return { ...base, state: 'waiting' };
  const { state, cause } = jobReadiness(last, facts, now);
  const became = { ready: 'succeeded', progressing: 'running', failed: 'failed' } as const;
  return { ...base, state: became[state], ...(cause && { cause }) };
}

function startOf({ status, metadata }: KubeObject): string {
  return status?.startTime ?? metadata.creationTimestamp ?? '';
}
