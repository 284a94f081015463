import { clusterUnreachable, loginExpired } from '../problems/cluster.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { ApiError, type ApiStatus } from './api-error.ts';
import type { Cluster } from './cluster.ts';

/**
 * Several streams over one WebSocket: the first byte of each message is the number of its channel.
 * Source: Kubernetes, staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go.
 */
export interface Channels {
  /** Resolves when it is on its way, so that a sender is never faster than the line. */
  readonly send: (channel: number, data: Uint8Array) => Promise<void>;
  /** Says that nothing more comes on a channel. */
  readonly finish: (channel: number) => Promise<void>;
  /** Ends at once. */
  readonly end: () => void;
  /** Resolves when the connection has ended, however it did. */
  readonly ended: Promise<void>;
}

export interface ChannelOptions {
  /** From the root of the API. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly protocol: string;
  /** Called for one message after the other: what it waits for holds up the line. */
  readonly receive: (channel: number, data: Buffer) => void | Promise<void>;
  readonly signal: AbortSignal;
}

/** A line that answers no more is given up after this silence, in milliseconds. */
const ping = 10_000;
const longestSilence = 30_000;
const longestHandshake = 30_000;
/** The channel whose messages name one that has ended. */
const finished = 255;

/** Opens them. Throws an ApiError where the cluster refuses, or a PaasError where it can't be reached. */
export async function openChannels(cluster: Cluster, options: ChannelOptions): Promise<Channels> {
  try {
    return await open(cluster, options, false);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
    try {
      return await open(cluster, options, true);
    } catch (again) {
      if (again instanceof ApiError && again.status === 401) fail(loginExpired(cluster.server));
      throw again;
    }
  }
}

async function open(
  cluster: Cluster,
  { path, query, protocol, receive, signal }: ChannelOptions,
  fresh: boolean,
): Promise<Channels> {
  // Few commands open any: only they load it.
  const [{ forSockets }, { default: WebSocket }] = await Promise.all([
    cluster.credentials(fresh),
    import('ws'),
  ]);
  const search = new URLSearchParams(query.map(([key, value]): [string, string] => [key, value]));
  const address = `${cluster.server.replace(/^http/, 'ws')}${path}?${search}`;
  const options = await forSockets();
  signal.throwIfAborted();
  const socket = new WebSocket(address, [protocol], {
    ...options,
    handshakeTimeout: longestHandshake,
    perMessageDeflate: false,
  });
  let over = (): void => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const stop = (): void => socket.terminate();
  signal.addEventListener('abort', stop, { once: true });

  let heard = performance.now();
  const alive = (): void => {
    heard = performance.now();
  };
  let pulse: NodeJS.Timeout | undefined;
  let before = Promise.resolve();
  let waiting = 0;
  socket.on('message', (data) => {
    alive();
    // One after the other, in their order; the line waits for whoever is slow.
    waiting++;
    socket.pause();
    before = before
      .then(() => (data.length > 0 ? receive(data[0]!, data.subarray(1)) : undefined))
      .catch(stop)
      .then(() => {
        alive();
        if (--waiting === 0) socket.resume();
      });
  });
  socket.on('pong', alive);
  socket.on('close', () => {
    clearInterval(pulse);
    signal.removeEventListener('abort', stop);
    void before.then(over);
  });

  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', (error) => {
      reject(
        signal.aborted ? signal.reason : new PaasError([clusterUnreachable(cluster.server, error.message)]),
      );
    });
    socket.on('unexpected-response', (_, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        reject(new ApiError('GET', path, response.statusCode ?? 0, statusOf(text)));
        socket.terminate();
      });
    });
  });
  pulse = setInterval(() => {
    if (waiting === 0 && performance.now() - heard > longestSilence) socket.terminate();
    else socket.ping();
  }, ping);
  const send = (channel: number, data: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      // What can't be sent any more has an end of its own: that of the connection.
      socket.send(Buffer.concat([Buffer.of(channel), data]), () => resolve());
    });
  return {
    send,
    finish: (channel) => send(finished, Buffer.of(channel)),
    end: stop,
    ended,
  };
}

function statusOf(text: string): ApiStatus {
  try {
    return JSON.parse(text) as ApiStatus;
  } catch {
    return { message: text.slice(0, 500) };
  }
}
