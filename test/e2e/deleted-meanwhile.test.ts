import { describe, expect } from 'vitest';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';
import { fillQuota, makeNamespace, patch, web } from '../support/faulty-app.ts';
import { type FollowedRun, follow, type SeenEvent, says } from '../support/follow.ts';
import { askShown } from '../support/shown.ts';

// Somebody deletes what a command waits for.

const checks = 'health: {http: /healthz, interval: 1s, failures: 60}';
const good = web({ more: checks });
const unready = web({ image: 'faulty:1.1', env: 'MODE: unready', more: checks });
const job = (command: string): string =>
  `  migrate: {image: "${image('faulty:1.0')}", command: [${command}], run: before_deploy, resources: ${small}}\n`;

const isUnready = ({ type, component, ready }: SeenEvent): boolean =>
  type === 'progress' && component === 'web' && ready === 0;
const remove = (app: TestApp, object: string, ...more: string[]): Promise<string> =>
  kubectl('delete', object, '-n', app.namespace, '--wait=false', ...more);

/** How a run ended: its exit code, its problems' codes, its outcome. */
async function endOf(run: FollowedRun) {
  const { code, events } = await run.end;
  const problems = events.flatMap(({ type, problem }) => (type === 'problem' ? [problem] : []));
  return { code, problems, outcome: events.at(-1)?.outcome as string };
}

describe.concurrent('what is deleted while it is waited for', () => {
  test('a deploy ends and says so (3); the same command makes it again', async ({ makeApp }) => {
    const app = makeApp(good);
    await makeNamespace(app);
    await fillQuota(app);
    const run = follow(app, ['deploy', '--timeout', '10min']);
    await run.event(says('quota'));
    await remove(app, 'deployment/web');
    const { code, problems, outcome } = await endOf(run);
    expect([code, outcome]).toEqual([3, 'failed']);
    expect(problems).toMatchObject([
      {
        code: 'object-deleted',
        message: 'web: Somebody deleted deployment/web while it was waited for.',
        failure: { component: 'web', object: 'deployment/web', next: 'paas status' },
      },
    ]);
    expect((await app.paas(['explain', 'object-deleted'])).code).toBe(0);
    await kubectl('delete', 'quota', 'few', '-n', app.namespace);
    const again = await app.paas(['deploy']);
    expect([again.code, again.all]).toEqual([0, expect.stringContaining('is live')]);
  });

  test('with volumes, and everything of it first', async ({ makeApp }) => {
    const app = makeApp(`${unready}    volumes: {data: {path: /data, size: 1Mi}}\n`);
    const run = follow(app, ['deploy', '--timeout', '10min']);
    await run.event(isUnready);
    await remove(app, 'statefulset/web', '--cascade=foreground');
    const { code, problems } = await endOf(run);
    expect([code, problems[0]?.code]).toEqual([3, 'object-deleted']);
  });

  test('the last good release comes back, and with it what was deleted: exit code 5', async ({ makeApp }) => {
    const app = makeApp(good);
    expect((await app.paas(['deploy'])).code).toBe(0);
    app.write(unready);
    const run = follow(app, ['deploy', '--timeout', '10min']);
    await run.event(says('probe-failing'));
    await remove(app, 'deployment/web');
    const { code, problems, outcome } = await endOf(run);
    expect([code, outcome]).toEqual([5, 'rolled_back']);
    expect(problems[0]?.code).toBe('object-deleted');
    expect((await askShown(app.namespace, 'web')).version).toBe('1.0');
    expect((await app.paas(['why'])).stdout).toContain('[object-deleted]');
  });

  test('a job ends the deploy, and is made again', async ({ makeApp }) => {
    const app = makeApp(good + job('noport'));
    const runs = ({ type, component, message }: SeenEvent): boolean =>
      type === 'progress' && component === 'migrate' && message === 'runs';
    const run = follow(app, ['deploy', '--timeout', '10min']);
    await run.event(runs);
    await kubectl('delete', 'jobs', '--all', '-n', app.namespace, '--wait=false');
    const { code, problems } = await endOf(run);
    expect([code, problems[0]?.code]).toEqual([3, 'object-deleted']);
    expect(problems[0]?.failure.component).toBe('migrate');
    const again = follow(app, ['deploy']);
    await again.event(runs);
    again.interrupt();
    expect((await again.end).code).toBe(130);
  });

  test('a job that has ended well and is removed by its time to live has ended well', async ({ makeApp }) => {
    const app = makeApp(good + job('show'));
    patch(app, 'kind: Job\nmetadata: {name: migrate-r1}\nspec: {ttlSecondsAfterFinished: 0}\n');
    const { code, problems } = await endOf(follow(app, ['deploy']));
    expect([code, problems]).toEqual([0, []]);
    await kubectl('wait', '--for=delete', 'job/migrate-r1', '-n', app.namespace, '--timeout=60s');
  });

  test('what is made again at once goes on', async ({ makeApp }) => {
    const app = makeApp(good);
    await makeNamespace(app);
    await fillQuota(app);
    const run = follow(app, ['deploy']);
    await run.event(says('quota'));
    const ref = ['deployment/web', '-n', app.namespace] as const;
    const { metadata, spec, ...rest } = await kubectlJson<{ metadata: object; spec: object }>('get', ...ref);
    const { uid, resourceVersion, managedFields, ...kept } = metadata as Record<string, unknown>;
    const anew = JSON.stringify({ ...rest, metadata: kept, spec });
    await kubectlInput(anew, 'replace', '--force', '-f', '-', '-n', app.namespace);
    await kubectl('delete', 'quota', 'few', '-n', app.namespace);
    const { code, problems } = await endOf(run);
    expect([code, problems]).toEqual([0, []]);
    expect(await kubectl('get', ...ref, '-o', 'jsonpath={.metadata.uid}')).not.toBe(uid);
  });

  test.for([
    ['scale', 'web=2', '--wait'],
    ['restart', 'web'],
    ['rollback', '1'],
  ])('of paas %s: exit code 3', async (command, { makeApp }) => {
    const app = makeApp(good);
    expect((await app.paas(['deploy'])).code).toBe(0);
    if (command[0] === 'rollback') {
      app.write(good.replace('MODE: ok', 'MODE: hang'));
      expect((await app.paas(['deploy'])).code).toBe(0);
    }
    // No room for an instance more: it is waited for as long as anybody likes.
    await kubectl('create', 'quota', 'few', '--hard=pods=1', '-n', app.namespace);
    const run = follow(app, [...command, '--yes', '--timeout', '10min']);
    await run.event(says('quota'));
    await remove(app, 'deployment/web');
    const { code, problems } = await endOf(run);
    expect([code, problems[0]?.code]).toEqual([3, 'object-deleted']);
    expect(problems[0]?.hint).toContain('paas deploy');
  });
});
