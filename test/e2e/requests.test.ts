import { describe, expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';

/** Components that nobody starts: as many as wanted on a small node. */
const jobs = (count: number, changed = 0): string =>
  `components:\n${Array.from(
    { length: count },
    (_, index) =>
      `  job-${index}: {image: ${image('hello:1.0')}, command: [work], run: on_demand, resources: ${small}, env: {CHANGED: "${index < changed}"}}\n`,
  ).join('')}`;

describe.concurrent('what a deploy asks of the API', () => {
  test('without a change: no write, and for 100 components no more than twice the requests for one', async ({
    makeApp,
  }) => {
    const asked = await Promise.all(
      [1, 100].map(async (count) => {
        const app = makeApp(jobs(count));
        expect((await app.paas(['deploy'])).code).toBe(0);
        const proxy = await openApiProxy(app.folder);
        try {
          const again = await app.paas(['deploy'], { env: proxy.env });
          expect([again.code, again.all]).toEqual([0, expect.stringContaining('Nothing to do')]);
          const writes = proxy.seen.filter(({ method }) => method !== 'GET');
          expect(writes).toEqual([]);
          const unchanged = proxy.seen.length;

          app.write(jobs(count, 1));
          const one = await app.paas(['deploy'], { env: proxy.env });
          expect([one.code, one.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
          return { unchanged, changed: proxy.seen.length - unchanged };
        } finally {
          await proxy.close();
        }
      }),
    );
    const [one, hundred] = asked as [(typeof asked)[0], (typeof asked)[0]];
    expect(hundred.unchanged).toBeLessThanOrEqual(2 * one.unchanged);
    // With one changed line: what changes decides, not what there is.
    expect(hundred.changed).toBeLessThanOrEqual(one.changed + 2);
  });
});
