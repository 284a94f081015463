import { describe, expect } from 'vitest';
import { type ApiProxy, openApiProxy } from '../support/api-proxy.ts';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';

/** Components that nobody starts: as many as wanted on a small node. */
const jobs = (count: number, changed = 0): string =>
  `components:\n${Array.from(
    { length: count },
    (_, index) =>
      `  job-${index}: {image: ${image('hello:1.0')}, command: [work], run: on_demand, resources: ${small}, env: {CHANGED: "${index < changed}"}}\n`,
  ).join('')}`;

/** How many requests there were, but those by which a lock is held: they are as many as it takes time. */
const asked = ({ seen }: ApiProxy): number => seen.filter(({ path }) => !path.includes('/leases/')).length;

describe.concurrent('what a deploy asks of the API', () => {
  test('without a change: no write, and for 100 components no more than twice the requests for one', async ({
    makeApp,
  }) => {
    const counts = await Promise.all(
      [1, 100].map(async (count) => {
        const app = makeApp(jobs(count));
        expect((await app.paas(['deploy'])).code).toBe(0);
        const proxy = await openApiProxy(app.folder);
        try {
          const again = await app.paas(['deploy'], { env: proxy.env });
          expect([again.code, again.all]).toEqual([0, expect.stringContaining('Nothing to do')]);
          const writes = proxy.seen.filter(({ method }) => method !== 'GET');
          expect(writes).toEqual([]);
          const unchanged = asked(proxy);

          app.write(jobs(count, 1));
          const one = await app.paas(['deploy'], { env: proxy.env });
          expect([one.code, one.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
          return { unchanged, changed: asked(proxy) - unchanged };
        } finally {
          await proxy.close();
        }
      }),
    );
    const [one, hundred] = counts as [(typeof counts)[0], (typeof counts)[0]];
    expect(hundred.unchanged).toBeLessThanOrEqual(2 * one.unchanged);
    // With one changed line: what changes decides, not what there is.
    expect(hundred.changed).toBeLessThanOrEqual(one.changed + 2);
  });
});
