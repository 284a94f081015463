import type { Readable } from 'node:stream';
import { type Channels, openChannels } from './channels.ts';
import type { Cluster } from './cluster.ts';

/** What a program in an instance is connected to. */
export interface Streams {
  /** What it reads, to its end; undefined: nothing. */
  readonly input: Readable | undefined;
  /** What it writes. A promise holds it up until the chunk is taken. */
  readonly write: (chunk: Uint8Array) => void | Promise<void>;
  readonly writeError: (chunk: Uint8Array) => void | Promise<void>;
  /** The terminal that it gets; undefined: none. Then its two outputs are one. */
  readonly terminal: Terminal | undefined;
}

export interface Terminal {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Gives every key to the program, and calls back whenever the size is another. Gives what ends both. */
  readonly take: (resized: () => void) => () => void;
}

/**
 * How a connection to a program ended: with its exit code, before it could begin, or by breaking off, after which
 * nobody knows how the program fares.
 */
export type ProgramEnd =
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'broken' };

export interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

const protocol = 'v5.channel.k8s.io';
const channels = { input: 0, output: 1, error: 2, status: 3, size: 4 } as const;

/** Runs a program in a running container. Source: Kubernetes API, exec of a Pod. */
export function execIn(
  cluster: Cluster,
  container: Container,
  command: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  return connectTo(cluster, 'exec', container, { command, streams, signal });
}

/**
 * Connects to the program of a container. It ends with the program, whose exit code it doesn't tell. `begun` is called
 * once the connection stands. Source: Kubernetes API, attach of a Pod.
 */
export function attachTo(
  cluster: Cluster,
  container: Container,
  streams: Streams,
  signal: AbortSignal,
  begun: () => void,
): Promise<ProgramEnd> {
  return connectTo(cluster, 'attach', container, { command: [], streams, signal, begun });
}

interface Connection {
  readonly command: readonly string[];
  readonly streams: Streams;
  readonly signal: AbortSignal;
  readonly begun?: () => void;
}

async function connectTo(
  cluster: Cluster,
  verb: 'exec' | 'attach',
  { namespace, pod, container }: Container,
  { command, streams, signal, begun }: Connection,
): Promise<ProgramEnd> {
  const { input, terminal } = streams;
  let end: ProgramEnd = { type: 'broken' };
  const line = await openChannels(cluster, {
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/${verb}`,
    query: [
      ['container', container],
      ['stdin', String(input !== undefined)],
      ['stdout', 'true'],
      // A terminal has one output.
      ['stderr', String(!terminal)],
      ['tty', String(terminal !== undefined)],
      ...command.map((word) => ['command', word] as const),
    ],
    protocol,
    signal,
    receive: (channel, data) => {
      if (channel === channels.output) return streams.write(data);
      if (channel === channels.error) return streams.writeError(data);
      if (channel === channels.status) end = readEnd(data);
    },
  });
  begun?.();
  const giveBack = terminal && takeTerminal(line, terminal);
  const stopInput = input && sendInput(line, input);
  await line.ended;
  giveBack?.();
  stopInput?.();
  signal.throwIfAborted();
  return end;
}

function takeTerminal(line: Channels, { size, take }: Terminal): () => void {
  const send = (): void => {
    const { columns, rows } = size();
    void line.send(channels.size, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  };
  send();
  return take(send);
}

/** Passes on what comes, no faster than it goes, and that it has ended. Gives what leaves the rest unread. */
function sendInput(line: Channels, input: Readable): () => void {
  const data = (chunk: Buffer): void => {
    input.pause();
    void line.send(channels.input, chunk).then(() => {
      if (!left) input.resume();
    });
  };
  const end = (): void => void line.finish(channels.input);
  let left = false;
  input.on('data', data);
  input.on('end', end);
  input.resume();
  if (input.readableEnded) end();
  return () => {
    left = true;
    input.off('data', data);
    input.off('end', end);
    input.pause();
  };
}

/** Source: Kubernetes API, meta/v1 Status, with the exit code as the cause `ExitCode`. */
function readEnd(data: Buffer): ProgramEnd {
  const status = JSON.parse(data.toString('utf8')) as {
    status?: string;
    reason?: string;
    message?: string;
    details?: { causes?: readonly { reason?: string; message?: string }[] };
  };
  if (status.status === 'Success') return { type: 'exited', code: 0 };
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && code !== undefined)
    return { type: 'exited', code: Number(code) };
  return { type: 'refused', message: status.message ?? '' };
}
