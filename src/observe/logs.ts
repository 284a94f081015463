import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { logsUnreadable } from '../problems/instances.ts';
import { fail } from '../problems/problem.ts';
import { isLasting, type LogPlace } from './follow-log.ts';
import { followLogs } from './follow-logs.ts';
import { compareTimes } from './log-cut.ts';
import { type LogNotice, reasonOf } from './log-notice.ts';
import { fromNow, type Past, readPast } from './past-log.ts';
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
  const past = await readAll(cluster, items, options);
  yield* past.flatMap(({ lines }) => lines).sort((a, b) => compareTimes(a.time, b.time));
  if (!options.follow) return;
  const places = new Map(
    items.map(({ metadata }, index): [string, LogPlace] => [metadata.uid ?? '', past[index]!.place]),
  );
  yield* followLogs(cluster, which, places, options);
}

/** The past of every instance. One that can't be read is told of, and hides none of the others. */
async function readAll(cluster: Cluster, pods: readonly KubeObject[], options: LogsOptions): Promise<Past[]> {
  const read = await Promise.allSettled(pods.map((pod) => readPast(cluster, pod, options)));
  options.signal.throwIfAborted();
  const failed = read.flatMap((one, index) =>
    one.status === 'rejected' ? [{ instance: pods[index]!.metadata.name, error: one.reason as unknown }] : [],
  );
  const lasting = failed.find(({ error }) => isLasting(error));
  if (lasting) throw lasting.error;
  const unread = failed.map(({ instance, error }) => ({ instance, reason: reasonOf(error) }));
  if (failed.length > 0 && failed.length === pods.length) fail(logsUnreadable(unread));
  for (const one of unread) options.tell({ type: 'unreadable', ...one });
  return read.map((one, index) =>
    one.status === 'fulfilled' ? one.value : { lines: [], place: fromNow(pods[index]!, Date.now()) },
  );
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
