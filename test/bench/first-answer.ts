import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeBaseImages } from '../images/base-images.ts';
import { buildahEnvironment } from '../images/buildah.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { borrowCluster } from '../support/test-cluster.ts';

// `npm run bench -- first-answer`: from a folder with a program and its Dockerfile to the app's answer, beside the same
// by hand: buildah, and kubectl with manifests that are written already. Nothing of either image is cached but its base.

const rounds = 3;
/** Milliseconds between questions to an app that doesn't answer yet. */
const pause = 50;

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

interface Way {
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
  readonly steps: readonly Step[];
}

export async function run(): Promise<void> {
  const say = (line: string): void => console.error(line);
  await borrowCluster(undefined, say, async ({ env: cluster, context }) => {
    const buildah = await buildahEnvironment(say);
    await makeBaseImages(['node'], buildah, say);
    const folders: string[] = [];
    const namespaces: string[] = [];
    const platform = join(makeTemporaryFolder(), 'platform.yaml');
    const registry = cluster.PAAS_TEST_PUSH!;
    writeFileSync(platform, JSON.stringify({ registries: { [registry]: { plain_http: true } } }));
    const env = { ...cluster, ...buildah, PAAS_CONTEXT: context, PAAS_PLATFORM: platform };
    const kubectl = [cluster.PAAS_TEST_KUBECTL!, '--context', context];
    const taken = new Map<string, number[]>();
    try {
      for (let round = 0; round < rounds; round++) {
        const id = `bench-${round}-${Date.now().toString(36)}`;
        for (const way of [ofPaas(id), byHand(id, registry, kubectl)]) {
          folders.push(way.folder);
          namespaces.push(way.namespace);
          const note = (what: string, since: number): void => {
            const name = `${way.name}${what}`;
            taken.set(name, [...(taken.get(name) ?? []), performance.now() - since]);
          };
          const begun = performance.now();
          for (const { name, command } of way.steps) {
            const since = performance.now();
            await execa(command[0]!, command.slice(1), { cwd: way.folder, env });
            note(`, ${name}`, since);
          }
          await answer(way.namespace, kubectl, env);
          note(', in all', begun);
        }
      }
    } finally {
      await execa(kubectl[0]!, [...kubectl.slice(1), 'delete', 'namespace', ...namespaces, '--wait=false'], {
        env,
      });
      folders.forEach(removeFolder);
    }
    for (const [name, times] of taken)
      console.log(`${name.padEnd(34)} ${(median(times) / 1000).toFixed(1).padStart(6)} s`);
    const ratio = median(taken.get('paas, in all')!) / median(taken.get('by hand, in all')!);
    console.log(
      `paas against by hand: ${ratio.toFixed(2)} x  goal 1.2 x: ${ratio <= 1.2 ? 'met' : 'MISSED'}`,
    );
    console.log('commands to the answer: 2 of paas (init, deploy), 4 by hand and two files more');
    if (ratio > 1.2) process.exitCode = 1;
  });
}

/** A folder with a program that nobody has built before. */
function folderOf(id: string): string {
  const folder = makeTemporaryFolder();
  const server = `require('node:http').createServer((_, response) => response.end('${id}')).listen(process.env.PORT ?? 8080);\n`;
  writeFileSync(join(folder, 'server.js'), server);
  const lines = [
    'FROM docker.io/library/node:24-slim',
    'WORKDIR /app',
    'COPY server.js ./',
    'USER 1000',
    'EXPOSE 8080',
  ];
  writeFileSync(join(folder, 'Dockerfile'), [...lines, 'CMD ["node", "server.js"]', ''].join('\n'));
  return folder;
}

function ofPaas(id: string): Way {
  const paas = [process.execPath, program];
  return {
    name: 'paas',
    namespace: `${id}-default`,
    folder: folderOf(`${id} of paas`),
    steps: [
      { name: 'init', command: [...paas, 'init', '--yes', '--name', id] },
      { name: 'deploy', command: [...paas, 'deploy'] },
    ],
  };
}

function byHand(id: string, registry: string, kubectl: readonly string[]): Way {
  const namespace = `${id}-by-hand`;
  const folder = folderOf(`${id} by hand`);
  const image = `${registry}/${id}-by-hand:1`;
  const labels = { app: 'web' };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { selector: labels, ports: [{ port: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'web', image, readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } },
            ],
          },
        },
      },
    },
  ];
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const rollout = ['rollout', 'status', '--namespace', namespace, 'deployment/web'];
  return {
    name: 'by hand',
    namespace,
    folder,
    steps: [
      { name: 'buildah build', command: ['buildah', 'build', '--layers', '--tag', image, '.'] },
      { name: 'buildah push', command: ['buildah', 'push', '--tls-verify=false', image] },
      { name: 'kubectl apply', command: [...kubectl, 'apply', '--server-side', '-f', 'all.json'] },
      { name: 'kubectl rollout status', command: [...kubectl, ...rollout] },
    ],
  };
}

/** Until the app answers. */
async function answer(
  namespace: string,
  [kubectl = '', ...context]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/services/web:8080/proxy/`;
  for (;;) {
    const asked = await execa(kubectl, [...context, 'get', '--raw', path], { env, reject: false });
    if (!asked.failed) return;
    await new Promise((done) => setTimeout(done, pause));
  }
}

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
