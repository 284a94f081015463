import { isStatus } from './api-error.ts';
import type { Cluster } from './cluster.ts';
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
  readonly limitBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the kubelet answers, with 200, in place of the log of a container that is gone.
 * Source: Kubernetes, pkg/kubelet/kuberuntime, GetContainerLogs.
 */
const goneLog = /^unable to retrieve container logs for \S+$/;

/** The log of a container as it is written. Source: Kubernetes API, read log of a Pod. */
export async function* streamLog(cluster: Cluster, options: LogOptions): AsyncGenerator<Buffer> {
  const { namespace, pod, container, tail, previous, follow, since, sinceTime } = options;
  const { timestamps, limitBytes, signal } = options;
  const log = await requestStream(cluster, {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    query: {
      container,
      tailLines: tail,
      previous,
      follow,
      sinceSeconds: since,
      sinceTime,
      timestamps,
      limitBytes,
    },
    accept: '*/*',
    endless: follow ?? false,
    signal,
  });
  for await (const data of log) {
    const chunk = Buffer.from(data);
    if (!goneLog.test(chunk.toString('latin1'))) yield chunk;
  }
}

/** The last lines of a container's log; none when it has none, or no longer. */
export async function readLog(cluster: Cluster, options: LogOptions): Promise<string[]> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of streamLog(cluster, { limitBytes: 20_000, ...options })) chunks.push(chunk);
    return Buffer.concat(chunks)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if (isStatus(error, 400, 403, 404, 500)) return [];
    throw error;
  }
}
