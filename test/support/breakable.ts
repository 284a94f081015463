import { writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { kubectl } from './cluster.ts';

/** A way to the cluster that can be cut. */
export interface Breakable {
  /** A kubeconfig that leads through it. */
  readonly kubeconfig: string;
  /** Cuts every connection. */
  readonly cut: () => void;
  /** Nothing goes through any more, and nobody is told. */
  readonly freeze: () => void;
  /** Resolves once something was asked. */
  readonly asked: Promise<void>;
  readonly close: () => void;
}

/** Puts a wire of ours between the program and the API server: bytes go through as they are. */
export async function breakableCluster(folder: string): Promise<Breakable> {
  const config = JSON.parse(await kubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'));
  const cluster = config.clusters[0].cluster;
  const { hostname, port } = new URL(cluster.server);
  const sockets = new Set<Socket>();
  let frozen = false;
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const server = createServer((near) => {
    near.once('data', () => ask());
    const far = dial(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk) => void (frozen || other.write(chunk)));
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: local } = server.address() as { port: number };
  cluster.server = `https://127.0.0.1:${local}`;
  // The server's certificate names another address.
  delete cluster['certificate-authority-data'];
  cluster['insecure-skip-tls-verify'] = true;
  const kubeconfig = join(folder, 'kubeconfig.json');
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return {
    kubeconfig,
    asked,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    freeze: () => {
      frozen = true;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
