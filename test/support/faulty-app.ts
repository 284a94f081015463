import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApp } from './app.ts';
import { image, kubectl, kubectlInput, patience, small } from './cluster.ts';

interface Parts {
  readonly image?: string;
  readonly env?: string;
  readonly resources?: string;
  readonly more?: string;
}

/** The program with a fault, as a component. */
export const web = ({
  image: name = 'faulty:1.0',
  env = 'MODE: ok',
  resources = small,
  more = '',
}: Parts): string =>
  [
    'components:',
    '  web:',
    `    image: ${name.includes('/') ? name : image(name)}`,
    '    port: 8080',
    `    resources: ${resources}`,
    `    env: {${env}}`,
    ...(more ? [`    ${more}`] : []),
    '',
  ].join('\n');

type Named = Pick<TestApp, 'namespace'>;

export const makeNamespace = (app: Named): Promise<string> => kubectl('create', 'namespace', app.namespace);
export const patch = (app: Pick<TestApp, 'folder'>, yaml: string): void => {
  mkdirSync(join(app.folder, '.paas', 'patches'), { recursive: true });
  writeFileSync(join(app.folder, '.paas', 'patches', 'web.yaml'), yaml);
};

/** A registry of its own kind, on the node itself, so that its containerd takes it for a local one without TLS. */
export async function makeRegistry(app: TestApp, env: Readonly<Record<string, string>>): Promise<string> {
  const port = String(20_000 + Math.floor(Math.random() * 10_000));
  const variables = { MODE: 'registry', PORT: port, UPSTREAM: process.env.PAAS_TEST_IMAGES!, ...env };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'registry', namespace: app.namespace },
    spec: {
      hostNetwork: true,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'registry',
          image: image('faulty:1.0'),
          env: Object.entries(variables).map(([name, value]) => ({ name, value })),
          readinessProbe: { tcpSocket: { port: Number(port) }, periodSeconds: 1 },
        },
      ],
    },
  };
  await makeNamespace(app);
  await kubectlInput(JSON.stringify(pod), 'apply', '-f', '-');
  await kubectl('wait', '--for=condition=Ready', 'pod/registry', '-n', app.namespace, patience);
  return `localhost:${port}`;
}

/** A quota that counts: until its controller has looked at it, the API server lets everything pass. */
export async function makeQuota({ namespace }: Named, name: string, hard: string): Promise<void> {
  await kubectl('create', 'quota', name, `--hard=${hard}`, '-n', namespace);
  const [resource, amount] = hard.split('=');
  const counted = `jsonpath={.status.hard.${resource}}=${amount}`;
  await kubectl('wait', `quota/${name}`, '-n', namespace, `--for=${counted}`, patience);
}

/** A quota that could hold an instance, and is used up; what never fits is refused before anything is touched. */
export async function fillQuota(app: Named): Promise<void> {
  await makeQuota(app, 'few', 'pods=1');
  await kubectl('run', 'other', `--image=${image('hello:1.0')}`, '-n', app.namespace);
}
