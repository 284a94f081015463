import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { forwardPort } from '../cluster/forward.ts';
import type { Answer } from '../readiness/facts.ts';

/** Milliseconds for an answer, and characters of it that say enough. */
const longestAnswer = 2_000;
const longestBody = 200;

/**
 * Asks a program the same as its check does and gives what it answers: the kubelet tells no more than the status.
 * Undefined where there is no answer of HTTP. Throws where the cluster doesn't allow it.
 */
export async function askAgain(
  cluster: Cluster,
  pod: KubeObject,
  { port, path }: { readonly port: number; readonly path: string },
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const chunks: Buffer[] = [];
  const stream = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const host = (pod.status?.podIP as string | undefined) ?? 'localhost';
  stream.push(`GET ${path} HTTP/1.0\r\nHost: ${host}:${port}\r\nUser-Agent: paas\r\nAccept: */*\r\n\r\n`);
  const of = { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, port };
  try {
    const line = forwardPort(cluster, of, stream, stop);
    await Promise.race([line, sleep(longestAnswer, undefined, { signal: stop })]);
    return readAnswer(Buffer.concat(chunks).toString('utf8'));
  } finally {
    ended.abort();
    stream.destroy();
  }
}

export function readAnswer(text: string): Answer | undefined {
  const [, status] = /^HTTP\/\d\.\d (\d{3})/.exec(text) ?? [];
  const end = text.indexOf('\r\n\r\n');
  if (!status || end < 0) return undefined;
  // A page for people says little in a line.
  const isPage = /^content-type:\s*text\/html/im.test(text.slice(0, end));
  const body = isPage
    ? ''
    : text
        .slice(end + 4)
        .replaceAll(/\s+/g, ' ')
        .trim();
  return {
    status: Number(status),
    body: body.length > longestBody ? `${body.slice(0, longestBody)} …` : body,
  };
}
