import type { Cluster } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import type { LogPlace } from './follow-log.ts';
import { followLogs } from './follow-logs.ts';
import { compareTimes } from './log-cut.ts';
import type { LogNotice } from './log-notice.ts';
import { readPast } from './past-log.ts';
import type { LogLine } from './read-log.ts';

export interface LogsOptions {
  readonly component: string | undefined;
  readonly tail: number;
  /** Seconds back from now. */
  readonly since: number | undefined;
  readonly follow: boolean;
  /** Called with what a person is to know beside the lines. */
  readonly tell: (notice: LogNotice) => void;
  readonly signal: AbortSignal;
}

/** The log lines of all instances: what is there, in order of time; then, if asked, what comes. */
export async function* readLogs(
  cluster: Cluster,
  owner: Owner,
  options: LogsOptions,
): AsyncGenerator<LogLine> {
  const which = podsOf(owner, options.component);
  const { items } = await listObjects(cluster, which);
  const past = await Promise.all(items.map((pod) => readPast(cluster, pod, options)));
  yield* past.flatMap(({ lines }) => lines).sort((a, b) => compareTimes(a.time, b.time));
  if (!options.follow) return;
  const places = new Map(
    items.map(({ metadata }, index): [string, LogPlace] => [metadata.uid ?? '', past[index]!.place]),
  );
  yield* followLogs(cluster, which, places, options);
}

function podsOf(owner: Owner, component: string | undefined) {
  const selector: Record<string, string> = {
    [labelKeys.app]: owner.app,
    [labelKeys.environment]: owner.environment,
  };
  if (component) selector[labelKeys.component] = component;
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return { apiVersion: 'v1', kind: 'Pod', namespace: owner.namespace, labelSelector };
}
