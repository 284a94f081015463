import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { type LogOptions, streamLog } from '../cluster/logs.ts';
import { linesOf } from './log-lines.ts';
import { componentOf, containerOf } from './log-run.ts';

export interface LogLine {
  readonly component: string;
  readonly instance: string;
  /** When it was written: RFC 3339. */
  readonly time: string;
  readonly line: string;
}

/** The lines of an instance's program. Throws what the cluster refuses it with, and where the connection breaks. */
export async function* readLines(
  cluster: Cluster,
  pod: KubeObject,
  options: Omit<LogOptions, 'namespace' | 'pod' | 'container' | 'timestamps'>,
): AsyncGenerator<LogLine> {
  const { name, namespace = '' } = pod.metadata;
  const of = { namespace, pod: name, container: containerOf(pod), timestamps: true };
  for await (const line of linesOf(streamLog(cluster, { ...of, ...options })))
    yield { component: componentOf(pod), instance: name, ...line };
}
