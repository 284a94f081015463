import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from './wait.ts';

/**
 * Runs work while no other process on this machine holds the lock of that name.
 *
 * The lock is a listening socket in Linux' abstract namespace: taking it is atomic, and the kernel gives it
 * back however the holder ends, so there is no stale lock to judge. Elsewhere it is a pipe or socket file,
 * which is good enough for a control plane on a laptop.
 */
export async function withLock<Result>(
  name: string,
  work: () => Promise<Result>,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<Result> {
  const id = `paas-cluster-${process.getuid?.() ?? 0}-${name}`;
  const path = process.platform === 'linux' ? `\0${id}` : join(tmpdir(), `${id}.sock`);
  let server = await tryListen(path);
  if (server === undefined) options.onWait?.();
  while (server === undefined) {
    await pause(200, options.signal);
    server = await tryListen(path);
  }
  try {
    return await work();
  } finally {
    const held = server;
    await new Promise((done) => held.close(done));
  }
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') done(undefined);
      else fail(error);
    });
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });
}
