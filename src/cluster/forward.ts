import type { Duplex } from 'node:stream';
import { type ChannelOptions, openChannels } from './channels.ts';
import type { Cluster } from './cluster.ts';

/** Each port has two channels, for data and for what went wrong; each says its port first, in two bytes. */
const channels = { data: 0, error: 1 } as const;
const portBytes = 2;
/** How long one who says no more is waited for, in milliseconds. */
const longestAnswer = 30_000;

/** Some ports of a pod. */
interface Ports {
  readonly namespace: string;
  readonly pod: string;
  readonly ports: readonly number[];
}

/** Where ports are forwarded, and how. Source: Kubernetes, pkg/kubelet/cri/streaming/portforward/websocket.go. */
function lineTo({ namespace, pod, ports }: Ports): Pick<ChannelOptions, 'path' | 'query' | 'protocol'> {
  return {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`,
    query: ports.map((port) => ['ports', String(port)]),
    protocol: 'v4.channel.k8s.io',
  };
}

/**
 * Connects with ports of a pod, all over one line, until it ends or is ended. `begins` is called when that stands,
 * `refused` for each port where nobody takes the connection; of one where somebody does, nothing is heard.
 */
export async function tryPorts(
  cluster: Cluster,
  to: Ports,
  { begins, refused }: { readonly begins: () => void; readonly refused: (port: number) => void },
  signal: AbortSignal,
): Promise<void> {
  const line = await openChannels(cluster, {
    ...lineTo(to),
    signal,
    receive: (channel, data) => {
      const isError = channel % 2 === channels.error;
      // Its first message says the port alone.
      if (isError && data.length > portBytes) refused(to.ports[(channel - channels.error) / 2]!);
    },
  });
  begins();
  await line.ended;
}

/**
 * Connects a stream with a port of a pod, until one of them ends. Gives what the cluster says went wrong.
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
    ...lineTo({ namespace, pod, ports: [port] }),
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
