import { describe, expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { type Allowed, limitedUser, looking } from '../support/limited-user.ts';

// Who may not do all of it is told everything that is lacking, before anything is touched.

const hello = (tag = '1.0'): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", resources: ${small}, port: 8080, stop: {timeout: 1s}}}\n`;

/** What of an app a command could have touched, with the versions of it. */
const stateOf = ({ namespace }: TestApp): Promise<string> =>
  kubectl(
    'get',
    'deployments,services,secrets,leases',
    '-n',
    namespace,
    '-o',
    'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid} {.metadata.generation}{"\\n"}{end}',
  );

async function deployed(makeApp: (yaml: string) => TestApp): Promise<TestApp> {
  const app = makeApp(hello());
  expect((await app.paas(['deploy'])).code).toBe(0);
  return app;
}

const reading: readonly Allowed[] = [
  looking,
  ['apps', 'deployments', 'get'],
  ['coordination.k8s.io', 'leases', 'get'],
];

describe.concurrent('lacking rights', () => {
  test.for([
    [
      ['scale', 'web=2', '--wait'],
      ['deployments.apps: patch', 'leases.coordination.k8s.io: update', 'secrets: create'],
    ],
    [
      ['restart', 'web'],
      ['deployments.apps: patch', 'leases.coordination.k8s.io: update'],
    ],
    [
      ['delete'],
      [
        'deployments.apps: delete',
        'leases.coordination.k8s.io: update, delete',
        'namespaces: delete',
        'secrets: delete',
        'serviceaccounts: delete',
        'services: delete',
      ],
    ],
  ] as const)(
    'of paas %s: all at once, exit code 8, and nothing is touched',
    async ([command, lacking], { makeApp }) => {
      const app = await deployed(makeApp);
      const env = await limitedUser(app, 'reader', reading);
      const before = await stateOf(app);
      const run = await app.paas([...command, '--yes'], { env });
      expect(run.all).toContain('[missing-right]');
      expect(run.code).toBe(8);
      const told = run.all.split('\n').filter((line) => line.startsWith('  | '));
      expect(told.map((line) => line.slice(4))).toEqual(lacking);
      expect(await stateOf(app)).toBe(before);
    },
  );

  test('of paas rollback', async ({ makeApp }) => {
    const app = await deployed(makeApp);
    app.write(hello('1.1'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const env = await limitedUser(app, 'reader', [
      ...reading,
      ['apps', 'deployments', 'patch'],
      ['', 'secrets', 'create', 'patch'],
    ]);
    const before = await stateOf(app);
    const run = await app.paas(['rollback', '--yes'], { env });
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('| secrets: update')]);
    expect(run.all).toContain('| leases.coordination.k8s.io: create, update');
    expect(await stateOf(app)).toBe(before);
    // Who may not even look at the releases is told all that it takes besides.
    const blind = await app.paas(['rollback', '--yes'], { env: await limitedUser(app, 'blind', []) });
    expect([blind.code, blind.all]).toEqual([8, expect.stringMatching(/secrets: get, list, create/)]);
  });

  test('just enough suffices', async ({ makeApp }) => {
    const app = await deployed(makeApp);
    const env = await limitedUser(app, 'operator', [
      looking,
      ['apps', 'deployments', 'patch'],
      ['coordination.k8s.io', 'leases', 'update'],
      ['', 'secrets', 'create', 'update'],
    ]);
    for (const command of [
      ['scale', 'web=2', '--wait'],
      ['scale', 'web=1'],
      ['restart', 'web'],
    ]) {
      const run = await app.paas([...command, '--yes'], { env });
      expect([run.code, run.all]).toEqual([0, expect.not.stringContaining('missing-right')]);
    }
    const owner = await limitedUser(app, 'owner', [['*', '*', '*']]);
    const run = await app.paas(['delete', '--yes'], { env: owner });
    expect([run.code, run.all]).toEqual([0, expect.stringContaining(`namespace/${app.namespace}`)]);
  });

  test('a namespace with what may not be looked at stays, and is named', async ({ makeApp }) => {
    const app = await deployed(makeApp);
    const env = await limitedUser(app, 'narrow', [
      ['', 'namespaces', 'get', 'delete'],
      ['', 'secrets', '*'],
      ['', 'services', '*'],
      ['', 'serviceaccounts', '*'],
      ['apps', 'deployments', '*'],
      ['coordination.k8s.io', 'leases', '*'],
    ]);
    const run = await app.paas(['delete', '--yes'], { env });
    const words =
      /in it there is serviceaccount\/narrow, what can't be looked at \(\d+ kinds, such as \w+ of \S+\)/;
    expect([run.code, run.all]).toEqual([0, expect.stringMatching(words)]);
    expect(await kubectl('get', 'deployments,services', '-n', app.namespace, '-o', 'name')).toBe('');
    expect(await kubectl('get', 'namespace', app.namespace, '-o', 'jsonpath={.status.phase}')).toBe('Active');
  });

  test('they are asked for once, and not where nothing is written', async ({ makeApp, makeFolder }) => {
    const app = await deployed(makeApp);
    const proxy = await openApiProxy(makeFolder());
    let asked = 0;
    proxy.decide = ({ path }) => {
      if (/selfsubject(access|rules)reviews/.test(path)) asked += 1;
      return { do: 'pass' };
    };
    const countsOf = async (...args: string[]): Promise<number> => {
      asked = 0;
      const run = await app.paas([...args, '--yes', '--accept-new-cluster'], { env: proxy.env });
      expect(run.code, run.all).toBe(0);
      return asked;
    };
    try {
      expect(await countsOf('scale', 'web=2')).toBe(1);
      expect(await countsOf('scale', 'web=2', '--wait')).toBe(0);
      expect(await countsOf('restart')).toBe(1);
      expect(await countsOf('delete')).toBe(1);
      expect(await countsOf('delete')).toBe(0);
    } finally {
      await proxy.close();
    }
  });
});
