import { describe, expect } from 'vitest';
import { eventsOf, test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

const web = `
components:
  web:
    image: registry.invalid/nothing:here
    port: 8080
    resources: ${small}
    env: {MODE: ok}
    health: {http: /healthz, interval: 1s}
`;

const good = `web=${image('faulty:1.0')}`;

describe.concurrent('deploying from CI', () => {
  test('--image takes the place of what the file says, and is recorded with the run of the CI system', async ({
    makeApp,
  }) => {
    const { paas, namespace, write } = makeApp(web);
    const dry = await paas(['deploy', '--dry-run', '--image', good]);
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringContaining('nothing was written')]);
    expect(dry.stderr).toContain('+ deployment/web');
    expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain(namespace);

    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: 'shop/web',
      GITHUB_RUN_ID: '42',
      GITHUB_ACTOR: 'ada',
    };
    expect((await paas(['deploy', '--yes', '--image', good], { env })).code).toBe(0);
    expect(JSON.parse((await paas(['status', '--json'])).stdout).release).toMatchObject({
      number: 1,
      by: 'ada (GitHub Actions)',
      ci: { name: 'GitHub Actions', url: 'https://github.example.com/shop/web/actions/runs/42' },
      images: { web: image('faulty:1.0') },
    });
    // The same again is the same; a component that is still to be built needs no build then.
    expect((await paas(['deploy', '--image', good])).all).toContain('Nothing to do');
    write(web.replace('image: registry.invalid/nothing:here', 'build: {context: .}'));
    expect((await paas(['deploy', '--image', good])).all).toContain('Nothing to do');
  });

  test('what is wrong with --image is shown in it', async ({ makeApp }) => {
    const { paas } = makeApp(web);
    const wrong = async (...images: string[]) => {
      const { code, stderr } = await paas(['deploy', ...images.flatMap((one) => ['--image', one])]);
      expect(code).toBe(7);
      return stderr;
    };
    const unknown = await wrong('wbe=a');
    expect(unknown).toContain('Did you mean web?');
    expect(unknown).toContain('--> --image:1:1\n1 | wbe=a\n  | ^^^');
    expect(await wrong('web=a', 'web=b')).toContain('names web a second time');
    expect(await wrong('web')).toContain('is not COMPONENT=IMAGE');
    expect(await wrong('web=http://x')).toContain('--> --image:1:5');
    // Where the image isn't there, the flag is what caused it.
    const failed = await paas(['deploy', '--image', `web=${image('faulty:nowhere')}`]);
    expect([failed.code, failed.stderr]).toEqual([3, expect.stringContaining('--> --image:1:5')]);
  });

  test.for(['SIGKILL', 'SIGTERM'] as const)(
    '%s after the jobs before a deploy: the same command goes on, and they have run once',
    async (signal, { makeApp }) => {
      const jobs = `  migrate: {image: "${image('hello:1.0')}", command: [repair], resources: ${small}, run: before_deploy}\n`;
      const slow = web
        .replace('registry.invalid/nothing:here', image('faulty:1.0'))
        .replace('MODE: ok', 'MODE: slow, DELAY: 5s');
      const { paas, start, namespace } = makeApp(slow + jobs);
      const run = start(['deploy', '--json']);
      await new Promise<void>((resolve) => {
        let seen = '';
        run.stdout?.on('data', (data) => {
          seen += data;
          if (/"component":"migrate","state":"ready"/.test(seen)) resolve();
        });
      });
      run.kill(signal);
      await run;
      type Job = { items: { metadata: { name: string; uid: string } }[] };
      const ran = async () =>
        (await kubectlJson<Job>('-n', namespace, 'get', 'jobs')).items.map(({ metadata }) => metadata.uid);
      const before = await ran();
      expect(before).toHaveLength(1);
      const again = await paas(['deploy', '--json']);
      expect(eventsOf(again).at(-1)).toMatchObject({ outcome: 'succeeded', release: 1 });
      expect(await ran()).toEqual(before);
      expect((await paas(['deploy'])).all).toContain('Nothing to do: release 1 is live');
    },
  );
});
