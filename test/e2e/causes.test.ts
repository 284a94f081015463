import { afterAll, beforeAll, describe, expect } from 'vitest';
import { eventsOf, test } from '../support/app.ts';
import { failingApps } from '../support/failing-apps.ts';
import { makeRegistry, web } from '../support/faulty-app.ts';
import { follow, says, wordsOf } from '../support/follow.ts';
import { callWitness, type Witness } from '../support/witness.ts';

// Each really fails so, on a real cluster: the cause is said at most 5 s after the API holds its fact.

/** Milliseconds between the fact in the API and the words. */
const soon = 5_000;

test.concurrent('secret values are in nothing that is shown or kept (SHIP-8)', async ({ makeApp }) => {
  const value = 'p4ss/w0rd+with"quotes';
  const app = makeApp(web({ env: 'MODE: leak, TOKEN: {secret: token}' }));
  const set = await app.paas(['secrets', 'set', 'token', '--from-env', 'VALUE'], { env: { VALUE: value } });
  expect(set.code, set.all).toBe(0);
  const json = await app.paas(['deploy', '--json']);
  expect(json.code).toBe(3);
  const kept = [await app.paas(['why']), await app.paas(['why', '--json']), await app.paas(['status'])];
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('base64').slice(0, -4),
  ];
  const basic = Buffer.from(`user:${value}`).toString('base64').slice(8, -4);
  for (const text of [json.all, ...kept.map(({ all }) => all)]) {
    for (const form of [...forms, basic]) expect(text).not.toContain(form);
  }
  expect(kept[0]!.all).toContain('connecting with token=(hidden)');
  expect(kept[0]!.all).toContain('encoded (hidden)');
});

test.concurrent('what was taken back tells its cause, its line and its last words still (SHIP-8)', async ({
  makeApp,
}) => {
  const app = makeApp(web({}));
  expect((await app.paas(['deploy'])).code).toBe(0);
  app.write(web({ env: 'MODE: crash, EXIT_CODE: 7' }));
  const run = await app.paas(['deploy']);
  expect(run.code, run.all).toBe(5);
  app.write(web({}));
  const why = await app.paas(['why', '2']);
  for (const text of [run.all, why.all]) {
    expect(text).toContain('The program ended with exit code 7, 3 times. [crash]');
    expect(text).toContain('env: {MODE: crash, EXIT_CODE: 7}');
    expect(text).toContain('changed by this release: env MODE ok → crash');
    expect(text).toContain('| fatal: cannot reach database db:5432');
    expect(text).toContain('next: paas logs web');
  }
});

test.concurrent('the last words are the last, however long the lines before them are (SHIP-8)', async ({
  makeApp,
}) => {
  const long = 'x'.repeat(30_000);
  const app = makeApp(web({ env: `MODE: ${long}` }));
  const run = await app.paas(['deploy', '--json', '--on-failure', 'keep']);
  const problem = eventsOf(run).find(({ type }) => type === 'problem')?.problem;
  expect(problem).toMatchObject({
    code: 'crash',
    details: [/^faulty starting in mode x+ …$/, /^fatal: there is no mode "x+ …$/].map((line) =>
      expect.stringMatching(line),
    ),
  });
});

describe.concurrent('causes (SHIP-8)', () => {
  let witness: Witness;
  beforeAll(() => {
    witness = callWitness();
  });
  afterAll(() => witness.close());

  test.for(Object.entries(failingApps))('%s', async ([, fixture], { makeApp }) => {
    const app = makeApp(fixture.good ?? fixture.yaml);
    if (fixture.good) {
      expect((await app.paas(['deploy'])).code).toBe(0);
      app.write(fixture.yaml);
    }
    await fixture.prepare?.(app);
    const run = follow(app, ['deploy', '--on-failure', 'keep']);
    const fact = witness.see(app.namespace, fixture.fact);
    const { event, at } = await run.event(says(fixture.code));
    expect(at - (await fact)).toBeLessThan(soon);
    if (!fixture.ends) {
      if (fixture.says) {
        await run.event((one) => says(fixture.code)(one) && fixture.says!.test(wordsOf(one)));
      }
      run.interrupt();
      expect((await run.end).code).toBe(130);
      return;
    }
    const { code, events } = await run.end;
    const problem = events.find(({ type }) => type === 'problem')?.problem;
    expect(problem, JSON.stringify(event)).toMatchObject({
      code: fixture.code,
      kind: 'failed',
      failure: { component: expect.stringMatching(/web|migrate/), next: expect.any(String) },
    });
    expect(code).toBe(3);
    if (fixture.says) expect(problem.message).toMatch(fixture.says);
    if (fixture.last) expect(problem.details).toContain(fixture.last);
    if (fixture.container) expect(problem.failure.container).toBe(fixture.container);
    if (fixture.change) expect(problem.failure.change).toContain(fixture.change);
    if (fixture.line) {
      const lines = fixture.yaml.split('\n');
      expect(lines[problem.at.line - 2]).toContain(fixture.line);
    }
  });
});

describe.concurrent('a registry (SHIP-8)', () => {
  test.for([
    ['that wants a login', '401', 'image-refused', 3],
    ['that lets nobody pull so often', '429', 'pull-rate-limited', 130],
  ] as const)('%s', async ([, status, code, exit], { makeApp }) => {
    const app = makeApp('');
    app.write(web({ image: `${await makeRegistry(app, { STATUS: status })}/faulty:1.0` }));
    const run = follow(app, ['deploy']);
    const { event } = await run.event(says(code));
    if (exit === 130) run.interrupt();
    expect((await run.end).code).toBe(exit);
    expect(wordsOf(event)).toContain(status === '401' ? 'refuses' : 'so often');
  });
});
