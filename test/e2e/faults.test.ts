import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { type Fate, openApiProxy } from '../support/api-proxy.ts';
import { test, until } from '../support/app.ts';
import { image, kubectlJson, small } from '../support/cluster.ts';
import { Random } from '../support/random.ts';

const hello = (tag: string, more = ''): string => `
components:
  web: {image: ${image(`hello:${tag}`)}, port: 8080, resources: ${small}${more}}
`;

/** One of twenty requests goes wrong, each in another way. */
function fault(random: Random): Fate {
  const faults: readonly Fate[] = [
    { do: 'refuse', status: 429, headers: { 'retry-after': '1' } },
    { do: 'refuse', status: 500 },
    { do: 'reset' },
    { do: 'lose_answer' },
    { do: 'delay', milliseconds: 3_000 },
  ];
  return random.next() < 0.05 ? faults[random.below(faults.length)]! : { do: 'pass' };
}

const count = process.env.PAAS_TEST_LONG === undefined ? 5 : 50;

describe.concurrent('a bad API', () => {
  test(`5 % of the requests go wrong: ${count} of ${count} deploys end right`, async ({ makeApp }) => {
    const app = makeApp(hello('1.0'));
    const proxy = await openApiProxy(app.folder);
    try {
      const random = new Random(20261121);
      let spoiled = 0;
      proxy.decide = () => {
        const fate = fault(random);
        if (fate.do !== 'pass') spoiled++;
        return fate;
      };
      const ends: string[] = [];
      for (let round = 0; round < count; round++) {
        app.write(hello(round % 2 === 0 ? '1.0' : '1.1'));
        const run = await app.paas(['deploy'], { env: proxy.env });
        if (run.code !== 0) ends.push(`${round}: ${run.code} ${run.all}`);
      }
      expect(ends).toEqual([]);
      expect(spoiled).toBeGreaterThan(0);
      expect(await ask(app.namespace, 'web')).toContain(`version 1.${(count - 1) % 2}`);
    } finally {
      await proxy.close();
    }
  }, 3_600_000);

  test('a client frozen until its lock is lost writes nothing when it goes on', async ({ makeApp }) => {
    const app = makeApp(hello('1.0', ', instances: 1'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const proxy = await openApiProxy(app.folder);
    try {
      app.write(hello('1.1'));
      const frozen = app.start(['deploy'], { env: proxy.env });
      // Right before it writes the workload.
      const reached = new Promise<void>((resolve) => {
        proxy.decide = async ({ method, path }) => {
          if (method === 'PATCH' && path.includes('/deployments/') && !path.includes('dryRun')) {
            frozen.kill('SIGSTOP');
            resolve();
            return { do: 'reset' };
          }
          return { do: 'pass' };
        };
      });
      await reached;
      proxy.decide = () => ({ do: 'pass' });
      app.write(hello('1.0', ', instances: 2'));
      const other = await app.paas(['deploy']);
      expect([other.code, other.all]).toEqual([0, expect.stringContaining('took over from')]);
      const before = proxy.seen.length;
      frozen.kill('SIGCONT');
      const end = await frozen;
      expect([end.exitCode, end.all]).toEqual([1, expect.stringContaining('[lock-lost]')]);
      const written = proxy.seen.slice(before).filter(({ method }) => method !== 'GET');
      expect(written).toEqual([]);
      expect(await ask(app.namespace, 'web')).toContain('version 1.0');
    } finally {
      await proxy.close();
    }
  });

  test('a second Ctrl-C ends it at once; the same command ends right', async ({ makeApp }) => {
    const app = makeApp(hello('1.0', `, health: {http: /nothing, interval: 60s}`));
    const run = app.start(['deploy']);
    await until(run, '0/1 ready');
    const asked = until(run, 'once more to stop at once');
    run.kill('SIGINT');
    await asked;
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(130);
    app.write(hello('1.0'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    type Lease = { spec: { holderIdentity?: string } };
    const lease = await kubectlJson<Lease>('-n', app.namespace, 'get', `lease/paas.${app.name}.default.lock`);
    expect(lease.spec.holderIdentity ?? '').toBe('');
  });
});
