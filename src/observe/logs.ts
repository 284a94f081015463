import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { streamLog } from '../cluster/logs.ts';
import { listObjects } from '../cluster/objects.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { linesOf } from './log-lines.ts';

export interface LogLine {
  readonly component: string;
  readonly instance: string;
  /** When it was written: RFC 3339. */
  readonly time: string;
  readonly line: string;
}

export interface LogsOptions {
  readonly component: string | undefined;
  readonly tail: number;
  /** Seconds back from now. */
  readonly since: number | undefined;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** The log lines of all instances: what is there, in order of time; then, if asked, what comes. */
export async function* readLogs(
  cluster: Cluster,
  owner: Owner,
  options: LogsOptions,
): AsyncGenerator<LogLine> {
  const { items } = await listObjects(cluster, podsOf(owner, options.component));
  const past = await Promise.all(items.map((pod) => pastLines(cluster, pod, options)));
  const lines = past.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  yield* lines;
  if (!options.follow) return;
  const seen = new Map(lines.map((line) => [line.instance, line.time]));
  yield* followLines(cluster, owner, options, seen, new Set(items.map(({ metadata }) => metadata.name)));
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

async function pastLines(cluster: Cluster, pod: KubeObject, options: LogsOptions): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of readLines(cluster, pod, {
    tail: options.tail,
    since: options.since,
    follow: false,
  })) {
    lines.push(line);
  }
  return lines;
}

async function* readLines(
  cluster: Cluster,
  pod: KubeObject,
  options: { tail?: number; since?: number | undefined; follow: boolean; signal?: AbortSignal },
): AsyncGenerator<LogLine> {
  const of = {
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: componentOf(pod),
    timestamps: true,
    ...options,
  };
  try {
    for await (const line of linesOf(streamLog(cluster, of)))
      yield { component: of.container, instance: of.pod, ...line };
  } catch (error) {
    // An instance that hasn't started, or is gone, has no lines.
    if (!isStatus(error, 400, 404) && !options.signal?.aborted) throw error;
  }
}

/** How far back a log is taken up again, in seconds; lines that were seen are left out. */
const overlap = 60;

/** Follows every instance, those that are yet to come too. */
async function* followLines(
  cluster: Cluster,
  owner: Owner,
  { component, signal }: LogsOptions,
  seen: Map<string, string>,
  before: ReadonlySet<string>,
): AsyncGenerator<LogLine> {
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  const queue: LogLine[] = [];
  const followed = new Set<string>();
  const pods: Objects = new Map();
  let wake: (() => void) | undefined;
  const follow = async (pod: KubeObject, key: string): Promise<void> => {
    // Of an instance whose past was asked for, what comes from here on; of a new one, everything.
    const { name } = pod.metadata;
    const from = !before.has(name) ? {} : seen.has(name) ? { since: overlap } : { tail: 0 };
    for await (const line of readLines(cluster, pod, { ...from, follow: true, signal: stopped })) {
      if (line.time <= (seen.get(line.instance) ?? '')) continue;
      seen.set(line.instance, line.time);
      queue.push(line);
      wake?.();
    }
    followed.delete(key);
  };
  let broken: unknown;
  const stop = (error: unknown): void => {
    broken ??= error;
    wake?.();
  };
  const changed = (): void => {
    for (const pod of pods.values()) {
      // A container that was started again has a log of its own.
      const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
      const key = `${pod.metadata.uid}/${restarts}`;
      const running = pod.status?.containerStatuses?.[0]?.state?.running;
      if (!running || followed.has(key)) continue;
      followed.add(key);
      follow(pod, key).catch(stop);
    }
  };
  watchObjects(cluster, podsOf(owner, component), pods, changed, stopped).catch(stop);
  signal.addEventListener('abort', () => wake?.(), { once: true });
  try {
    while (!signal.aborted) {
      if (broken) throw broken;
      const line = queue.shift();
      if (line) yield line;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    ended.abort();
  }
}

function componentOf(pod: KubeObject): string {
  return pod.metadata.labels?.[labelKeys.component] ?? '';
}
