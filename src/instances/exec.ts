import type { Cluster } from '../cluster/cluster.ts';
import { type Container, execIn, type Streams } from '../cluster/program.ts';
import { connectionBroken, notStarted, programMissing } from '../problems/instances.ts';
import { fail } from '../problems/problem.ts';

/** What runs where nothing else is said. */
export const shell = ['/bin/sh'];

/** Runs a program in a running instance, and gives its exit code. Throws a PaasError where it can't be known. */
export async function exec(
  cluster: Cluster,
  container: Container,
  command: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<number> {
  const words = command.length > 0 ? command : shell;
  const end = await execIn(cluster, container, words, streams, signal);
  if (end.type === 'exited') return end.code;
  if (end.type === 'broken') return fail(connectionBroken(container.pod));
  if (/no such file|not found in|permission denied/.test(end.message)) {
    fail(programMissing(words[0]!, container, command.length === 0, inShort(end.message)));
  }
  return fail(notStarted(container.pod, inShort(end.message)));
}

/** The last of what one layer says of the other. */
const inShort = (words: string): string => words.replace(/^.*unable to start container process: /s, '');
