import type { Duplex } from 'node:stream';
import { openChannels } from './channels.ts';
import type { Cluster } from './cluster.ts';

/** Each port has two channels, for data and for what went wrong; each says its port first, in two bytes. */
const channels = { data: 0, error: 1 } as const;
const portBytes = 2;
/** How long one who says no more is waited for, in milliseconds. */
const longestAnswer = 30_000;

/**
 * Connects a stream with a port of a pod, until one of them ends. Gives what the cluster says went wrong.
 * Source: Kubernetes, pkg/kubelet/cri/streaming/portforward/websocket.go.
 */
export async function forwardPort(
  cluster: Cluster,
  { namespace, pod, port }: { readonly namespace: string; readonly pod: string; readonly port: number },
  stream: Duplex,
  signal: AbortSignal,
): Promise<string | undefined> {
  let wrong: string | undefined;
  const begun = new Set<number>();
  const line = await openChannels(cluster, {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`,
    query: [['ports', String(port)]],
    protocol: 'v4.channel.k8s.io',
    signal,
    receive: (channel, data) => {
      const rest = begun.has(channel) ? data : data.subarray(portBytes);
      begun.add(channel);
      if (rest.length === 0) return;
      if (channel === channels.error) {
        wrong = rest.toString('utf8');
        line.end();
      } else if (!stream.destroyed && !stream.write(rest)) {
        return new Promise<void>((resolve) => {
          const go = (): void => {
            stream.off('drain', go);
            stream.off('close', go);
            resolve();
          };
          stream.on('drain', go);
          stream.on('close', go);
        });
      }
    },
  });
  const onData = (chunk: Buffer): void => {
    stream.pause();
    void line.send(channels.data, chunk).then(() => stream.resume());
  };
  stream.on('data', onData);
  stream.resume();
  // The protocol knows no half that ends: who has said everything may still be waiting for the answer.
  let answered: NodeJS.Timeout | undefined;
  stream.once('end', () => {
    answered = setTimeout(line.end, longestAnswer);
  });
  stream.once('close', line.end);
  if (stream.destroyed) line.end();
  await line.ended;
  clearTimeout(answered);
  stream.off('data', onData);
  return wrong;
}
