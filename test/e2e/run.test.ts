import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, kubectl, patience, small } from '../support/cluster.ts';

const app = `
components:
  web:
    image: ${image('faulty:1.0')}
    port: 8080
    resources: ${small}
    env: {MODE: ok, EXIT_CODE: "7", KEY: given}
    health: {http: /healthz}
  repair:
    image: ${image('hello:1.0')}
    command: [repair, --all]
    resources: ${small}
    run: on_demand
`;

test('a program runs once like the component: its words, its exit code, and nothing is left', async ({
  makeApp,
}) => {
  const { paas, start, namespace } = makeApp(app);
  const early = await paas(['run', 'web']);
  expect([early.code, early.stderr]).toEqual([8, expect.stringContaining('[not-deployed]')]);
  expect((await paas(['deploy'])).code).toBe(0);

  const repair = await paas(['run', 'repair']);
  expect([repair.code, repair.stdout]).toEqual([0, expect.stringContaining('repair --all is done')]);
  const shown = await paas(['run', 'web', '--', 'show']);
  // Its two streams reach the log on ways of their own: which line comes first is not said.
  const { variables } = JSON.parse(shown.stdout.split('\n').find((line) => line.startsWith('{'))!);
  expect(Buffer.from(variables.KEY, 'base64').toString()).toBe('given');
  const crash = await paas(['run', 'web', '--', 'crash']);
  expect([crash.code, crash.stdout]).toEqual([7, expect.stringContaining('cannot reach database')]);
  const json = await paas(['run', 'web', '--json', '--', 'crash']);
  expect([json.code, JSON.parse(json.stdout).exit_code]).toEqual([7, 7]);

  // Traffic never reaches it, and Ctrl-C takes it away.
  const long = start(['run', 'web', '--', 'noport']);
  await new Promise<void>((resolve) =>
    long.stdout?.on('data', (data) => /working/.test(String(data)) && resolve()),
  );
  const endpoints = await kubectl(
    '-n',
    namespace,
    'get',
    'endpointslices',
    '-o',
    'jsonpath={.items[*].endpoints[*].targetRef.name}',
  );
  expect(endpoints).not.toContain('-run-');
  long.kill('SIGINT');
  expect((await long).exitCode).toBe(130);
  await kubectl('-n', namespace, 'wait', '--for=delete', 'job', '-l', 'paas.internal/run=by-hand', patience);
  expect(await kubectl('-n', namespace, 'get', 'jobs', '-o', 'name')).toBe('');
  expect((await paas(['deploy'])).all).toContain('Nothing to do');
});
