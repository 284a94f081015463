import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { type ApiProxy, type Fate, openApiProxy, type SeenRequest } from '../support/api-proxy.ts';
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

/** How long a lock lasts that isn't renewed. */
const lockSeconds = 15;

function isWorkloadWrite({ method, path }: SeenRequest): boolean {
  return method === 'PATCH' && path.includes('/deployments/') && !path.includes('dryRun');
}

/** From the first request that matches all are held back, for longer than a lock lasts. Then they go on, late as they are. */
function silentFrom(
  proxy: ApiProxy,
  begins: (request: SeenRequest) => boolean,
): { readonly seconds: Promise<number> } {
  let over: Promise<unknown> | undefined;
  let begun = 0;
  let done: (seconds: number) => void = () => {};
  const seconds = new Promise<number>((resolve) => {
    done = resolve;
  });
  proxy.decide = async (request) => {
    if (!over && begins(request)) {
      begun = performance.now();
      over = sleep((lockSeconds + 10) * 1_000).then(() => done((performance.now() - begun) / 1_000));
    }
    await over;
    return { do: 'pass' };
  };
  return { seconds };
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

  test('an API that is silent for longer than the lock lasts: the deploy goes on, the lock is still its own', async ({
    makeApp,
  }) => {
    const app = makeApp(hello('1.0'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const proxy = await openApiProxy(app.folder);
    try {
      const silence = silentFrom(proxy, isWorkloadWrite);
      app.write(hello('1.1'));
      const run = await app.paas(['deploy'], { env: proxy.env });
      expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
      expect(await silence.seconds).toBeGreaterThan(lockSeconds);
      expect(await ask(app.namespace, 'web')).toContain('version 1.1');
      expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    } finally {
      await proxy.close();
    }
  });

  test('an API that restarts in the middle of the writes: the deploy goes on once it is back', async ({
    makeApp,
  }) => {
    const app = makeApp(hello('1.0'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const proxy = await openApiProxy(app.folder);
    try {
      let over: boolean | undefined;
      proxy.decide = (request) => {
        if (over === undefined && isWorkloadWrite(request)) {
          over = false;
          void sleep(12_000).then(() => {
            over = true;
          });
        }
        return over === false ? { do: 'reset' } : { do: 'pass' };
      };
      app.write(hello('1.1'));
      const run = await app.paas(['deploy'], { env: proxy.env });
      expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
      expect(over).toBe(true);
    } finally {
      await proxy.close();
    }
  });

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
    const app = makeApp(hello('1.0', `, health: {http: /, delay: 60s}`));
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
