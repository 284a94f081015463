import { isStatus } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { lastLines } from './last-lines.ts';
import { requestStream } from './request.ts';

export interface LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The last lines, at most so many. */
  readonly tail?: number | undefined;
  /** Of the container's last run, not of the present one. */
  readonly previous?: boolean;
  readonly follow?: boolean;
  /** Seconds back from now. */
  readonly since?: number | undefined;
  /** RFC 3339; read to the second. */
  readonly sinceTime?: string | undefined;
  readonly timestamps?: boolean;
  /** Called once the cluster has begun to answer. */
  readonly begun?: () => void;
  readonly signal?: AbortSignal | undefined;
}

const goneLog =
  /^(unable to retrieve container logs for \S+|failed to (try resolving symlinks in path|open log file) "[^"\n]+": .*: no such file or directory)$/;

/**
 * Whether this is what the kubelet answers, with 200, in place of the log of a container that is gone.
 * Source: Kubernetes, pkg/kubelet/kuberuntime, GetContainerLogs; k8s.io/cri-client, pkg/logs, ReadLogs.
 */
export function isOfGoneLog(text: string): boolean {
  return goneLog.test(text.trimEnd());
}

/** The log of a container as it is written. Source: Kubernetes API, read log of a Pod. */
export async function* streamLog(cluster: Cluster, options: LogOptions): AsyncGenerator<Buffer> {
  const { namespace, pod, container, tail, previous, follow, since, sinceTime, timestamps, signal } = options;
  const log = await requestStream(cluster, {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    query: { container, tailLines: tail, previous, follow, sinceSeconds: since, sinceTime, timestamps },
    accept: '*/*',
    endless: follow ?? false,
    signal,
  });
  options.begun?.();
  for await (const data of log) {
    const chunk = Buffer.from(data);
    if (!isOfGoneLog(chunk.toString('latin1'))) yield chunk;
  }
}

/** Bytes that are kept of a log's end: far more than is shown of it, but a line may hold a whole stack trace. */
const mostKept = 64_000;

/** The last lines of a container's log; none when it has none, or no longer. */
export async function readLog(cluster: Cluster, options: LogOptions): Promise<string[]> {
  try {
    let kept = Buffer.alloc(0);
    // The cluster's own limit (limitBytes) would keep the beginning of the lines, not their end.
    for await (const chunk of streamLog(cluster, options)) {
      kept = Buffer.concat([kept, chunk]);
      // One byte more tells whether what is kept begins with a line.
      if (kept.length > mostKept) kept = kept.subarray(-mostKept - 1);
    }
    return lastLines(kept, mostKept);
  } catch (error) {
    if (isStatus(error, 400, 403, 404, 500)) return [];
    throw error;
  }
}
