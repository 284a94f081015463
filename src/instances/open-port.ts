import { createServer, type Server, type Socket } from 'node:net';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { forwardPort } from '../cluster/forward.ts';
import { type Objects, watchObjects } from '../cluster/watch.ts';
import type { Owner } from '../plan/labels.ts';
import { noInstance, portInUse } from '../problems/instances.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { instancesOf, runningInstances } from './choose-instance.ts';

export interface OpenPort {
  /** The local port. */
  readonly port: number;
  /** Resolves when the signal has aborted; rejects where the cluster can't be watched any more. */
  readonly ended: Promise<void>;
}

/**
 * A local port that leads to an instance of a component, whichever runs when a connection comes: one that goes is
 * followed by another. `local`: 0 for any that is free. `tell` is told what went wrong with a connection.
 */
export async function openPort(
  cluster: Cluster,
  owner: Owner,
  options: {
    readonly component: string;
    readonly port: number;
    readonly local: number;
    readonly signal: AbortSignal;
    readonly tell: (words: string) => void;
  },
): Promise<OpenPort> {
  const { component, signal } = options;
  // One that aborted before is never heard.
  signal.throwIfAborted();
  const pods: Objects = new Map();
  const ended = new AbortController();
  const stopped = AbortSignal.any([signal, ended.signal]);
  let broken: unknown;
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    watchObjects(cluster, instancesOf(owner, component), pods, () => resolve(), stopped).catch((error) => {
      broken = error;
      reject(error);
      ended.abort();
    });
  });
  if (runningInstances(pods.values()).length === 0) {
    ended.abort();
    fail(noInstance(component, owner.environment));
  }
  const sockets = new Set<Socket>();
  // Who has said everything may still wait for the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    // Whoever connects may go at any time.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    void forward(cluster, owner, { ...options, signal: stopped }, pods, socket);
  });
  try {
    await listen(server, options.local);
  } catch (error) {
    ended.abort();
    throw error;
  }
  const closed = new Promise<void>((resolve, reject) => {
    const close = (): void => {
      server.close(() => (broken ? reject(broken) : resolve()));
      for (const socket of sockets) socket.destroy();
    };
    if (stopped.aborted) close();
    else stopped.addEventListener('abort', close, { once: true });
  });
  return { port: (server.address() as { port: number }).port, ended: closed };
}

/** Connects with the likeliest instance, and with the next where that is going. */
async function forward(
  cluster: Cluster,
  { namespace }: Owner,
  { component, port, tell, signal }: Parameters<typeof openPort>[2],
  pods: Objects,
  socket: Socket,
): Promise<void> {
  socket.pause();
  const tried = new Set<string>();
  for (;;) {
    const names = runningInstances(pods.values()).map(({ metadata }) => metadata.name);
    const pod = names.find((name) => !tried.has(name));
    if (!pod) {
      tell(
        tried.size > 0
          ? `No instance of ${component} could be reached.`
          : `No instance of ${component} runs.`,
      );
      break;
    }
    tried.add(pod);
    try {
      const wrong = await forwardPort(cluster, { namespace, pod, port }, socket, signal);
      if (wrong !== undefined) tell(`${pod}: ${wrong.trim()}`);
      break;
    } catch (error) {
      if (signal.aborted || socket.destroyed) break;
      // It is gone, or on its way: nothing of this connection was sent yet.
      if (isStatus(error, 404, 500, 502, 503)) continue;
      tell(`${pod}: ${(error as Error).message}`);
      break;
    }
  }
  socket.destroySoon();
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? new PaasError([portInUse(port, error.code === 'EACCES')]) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
