import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on which things go wrong. */
export interface BadNetwork {
  /** `127.0.0.1:15001`: instead of the server's own. */
  readonly host: string;
  /** How often it has cut a connection. */
  readonly cuts: () => number;
  readonly stop: () => Promise<void>;
}

export interface BadNetworkOptions {
  /** Cuts a connection when so many bytes have gone to the server on it … */
  readonly cutAfter?: number;
  /** … or before a piece with this text goes to the server … */
  readonly cutAt?: RegExp;
  /** … which is the how-manieth such piece? */
  readonly skip?: number;
  /** How often at most; else always. */
  readonly times?: number;
  /** Holds each piece back for so long, in milliseconds. */
  readonly delay?: number;
  /** Where the server listens, and this way to it: `127.0.0.1` unless something else than this machine is to use it. */
  readonly address?: string;
  /** After so many bytes to the server, nothing moves any more, but the connection stays. */
  readonly stallAfter?: number;
}

/** Starts a way to a server that is as bad as is said. */
export async function startBadNetwork(to: string, options: BadNetworkOptions): Promise<BadNetwork> {
  const [, port] = to.split(':');
  const { cutAfter = Number.POSITIVE_INFINITY, cutAt, times = Number.POSITIVE_INFINITY, delay = 0 } = options;
  const { address: here = '127.0.0.1' } = options;
  const { stallAfter = Number.POSITIVE_INFINITY } = options;
  let cuts = 0;
  let skip = options.skip ?? 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(Number(port), here);
    let sent = 0;
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
    const cut = (): void => {
      cuts += 1;
      // A reset, not an orderly end: this is how a broken line looks.
      client.resetAndDestroy();
      target.resetAndDestroy();
    };
    client.on('data', (chunk) => {
      sent += chunk.length;
      const named = cutAt?.test(chunk.toString('latin1')) && skip-- <= 0;
      if (cuts < times && (sent > cutAfter || named)) return cut();
      if (sent > stallAfter) return void client.pause();
      pass(client, target, chunk, delay);
    });
    target.on('data', (chunk) => pass(target, client, chunk, delay));
    const later = (act: () => void): void => void setTimeout(act, 2 * delay);
    client.on('end', () => later(() => target.end()));
    target.on('end', () => later(() => client.end()));
  });
  await new Promise<void>((done) => server.listen(0, here, done));
  const address = server.address() as { port: number };
  return {
    host: `${here}:${address.port}`,
    cuts: () => cuts,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function pass(from: Socket, to: Socket, chunk: Buffer, delay: number): void {
  if (to.destroyed) return;
  const write = (): void => {
    if (!to.write(chunk)) to.once('drain', () => from.resume());
    else from.resume();
  };
  from.pause();
  if (delay > 0) setTimeout(write, delay);
  else write();
}
