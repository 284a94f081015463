import { describe, expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlInput, patience, small } from '../support/cluster.ts';
import { fillQuota, makeNamespace, makeRegistry, patch, web } from '../support/faulty-app.ts';
import { type FollowedRun, follow, says, wordsOf } from '../support/follow.ts';

// What may still come right is waited for, and meanwhile it is said why.

describe.concurrent('waiting is not failing (SHIP-8)', () => {
  /** The deploy succeeds, and the cause was said before. */
  const succeeds = async (run: FollowedRun): Promise<void> => {
    const { code, events } = await run.end;
    expect(events.filter(({ type }) => type === 'problem')).toEqual([]);
    expect(code).toBe(0);
  };

  test('for a quota that gets room', async ({ makeApp }) => {
    const app = makeApp(web({}));
    await makeNamespace(app);
    await fillQuota(app);
    const run = follow(app, ['deploy']);
    await run.event(says('quota'));
    await kubectl('delete', 'quota', 'few', '-n', app.namespace);
    await succeeds(run);
  });

  test('for a node that takes it', async ({ makeApp }) => {
    const app = makeApp(web({}));
    const affinity = `{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: ${app.name}, operator: Exists}]}]}}}`;
    patch(
      app,
      `kind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {affinity: ${affinity}}}}\n`,
    );
    const run = follow(app, ['deploy']);
    const { event } = await run.event(says('unschedulable'));
    expect(wordsOf(event)).toContain('not of the pool that it asks for');
    await kubectl('label', 'nodes', '--all', `${app.name}=yes`);
    try {
      await succeeds(run);
    } finally {
      await kubectl('label', 'nodes', '--all', `${app.name}-`);
    }
  });

  test('for a program that is slow to start', async ({ makeApp }) => {
    // So slow that a busy cluster has told of the check before it is up.
    const app = makeApp(web({ env: 'MODE: slow, DELAY: 30s', more: 'health: {interval: 1s}' }));
    const run = follow(app, ['deploy']);
    await run.event(says('probe-failing'));
    await succeeds(run);
  });

  test('for an image that is slow to pull', async ({ makeApp }) => {
    const app = makeApp('');
    app.write(web({ image: `${await makeRegistry(app, { DELAY: '6s' })}/hello:1.1` }));
    const run = follow(app, ['deploy']);
    await run.event(says('image-pull'));
    await succeeds(run);
  });

  test('for a component that it uses: what it does meanwhile is not counted', async ({ makeApp }) => {
    const app = makeApp(
      [
        web({ env: 'MODE: patient, ADDRESS: "db:8080"', more: 'uses: [db]' }).trimEnd(),
        '  db:',
        `    image: ${image('faulty:1.0')}`,
        '    port: 8080',
        `    resources: ${small}`,
        '    env: {MODE: slow, DELAY: 75s}',
        '',
      ].join('\n'),
    );
    const run = follow(app, ['deploy']);
    const { event } = await run.event((one) => says('uses-not-ready')(one) && /3 times/.test(wordsOf(one)));
    expect(wordsOf(event)).toContain("It waits for db, which it uses and which isn't ready");
    await succeeds(run);
  });

  test("for a cluster whose API doesn't answer: it is said", async ({ makeApp, makeFolder }) => {
    const app = makeApp(web({}));
    await makeNamespace(app);
    await fillQuota(app);
    const proxy = await openApiProxy(makeFolder());
    try {
      const run = follow(app, ['deploy'], { env: proxy.env });
      await run.event(says('quota'));
      let go = (): void => {};
      const hold = new Promise<void>((resolve) => {
        go = resolve;
      });
      proxy.decide = async () => {
        await hold;
        return { do: 'pass' };
      };
      await run.event(({ type }) => type === 'cluster_silent');
      go();
      await run.event(({ type }) => type === 'cluster_back');
      await kubectl('delete', 'quota', 'few', '-n', app.namespace);
      await succeeds(run);
    } finally {
      await proxy.close();
    }
  });

  test('a namespace that is deleted meanwhile: nothing is waited for any more', async ({ makeApp }) => {
    // So slow that it isn't up before its namespace ends, however busy the cluster is.
    const app = makeApp(web({ env: 'MODE: slow, DELAY: 1h', more: 'health: {interval: 1s}' }));
    const run = follow(app, ['deploy']);
    await run.event(says('probe-failing'));
    await kubectl('delete', 'namespace', app.namespace, '--wait=false');
    const { code, events } = await run.end;
    const problem = events.find(({ type }) => type === 'problem')?.problem;
    expect([code, problem?.code]).toEqual([1, 'namespace-ending']);
  });

  test('for what was mended outside: an old crash does not fail what is tried again', async ({ makeApp }) => {
    const app = makeApp(web({ env: 'MODE: patient, ADDRESS: "late:8080"' }));
    const first = follow(app, ['deploy']);
    expect((await first.end).code).toBe(3);
    const late = { name: 'late', image: image('faulty:1.0') };
    const metadata = { name: 'late', namespace: app.namespace, labels: { late: 'yes' } };
    const spec = { containers: [late], terminationGracePeriodSeconds: 0 };
    await kubectlInput(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec }), 'apply', '-f', '-');
    await kubectl('wait', '--for=condition=Ready', 'pod/late', '-n', app.namespace, patience);
    await kubectl('expose', 'pod', 'late', '--port=8080', '-n', app.namespace);
    const again = follow(app, ['deploy']);
    // Whether its crash is still seen depends on when the kubelet starts it again.
    await succeeds(again);
  });
});

test.concurrent('healthy apps are never taken for broken, whatever happens around them (SHIP-8)', async ({
  makeApp,
}) => {
  const times = process.env.PAAS_TEST_LONG ? 100 : 10;
  const app = makeApp(web({}));
  const crasher = { name: 'crasher', image: image('faulty:1.0'), env: [{ name: 'MODE', value: 'crash' }] };
  for (let round = 0; round < times; round++) {
    app.write(
      web({
        env: `MODE: ${round % 3 === 2 ? 'slow' : 'ok'}, DELAY: 2s, ROUND: "${round}"`,
        more: 'health: {interval: 1s}',
      }),
    );
    const run = follow(app, ['deploy']);
    // Churn beside it, in the same namespace: what crashes there is somebody else's, and instances are deleted.
    if (round > 0) {
      const metadata = { name: `crasher-${round}`, namespace: app.namespace };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [crasher] } };
      await kubectlInput(JSON.stringify(pod), 'apply', '-f', '-');
      await run.event(({ type }) => type === 'done');
      await kubectl(
        'delete',
        'pods',
        '-l',
        'paas.internal/component=web',
        '-n',
        app.namespace,
        '--wait=false',
      );
      await kubectl('delete', 'pod', metadata.name, '-n', app.namespace, '--wait=false');
    }
    const { code, stdout } = await run.end;
    expect(code, `round ${round}:\n${stdout}`).toBe(0);
  }
}, 3_600_000);
