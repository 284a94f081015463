import { readdirSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { writeFiles } from '../images/build-project.ts';
import { storageBeside } from '../images/buildah.ts';
import { ask } from '../support/answer.ts';
import { test, until } from '../support/app.ts';
import { image, kubectl, kubectlJson, registry, small } from '../support/cluster.ts';
import { withBuildah } from '../support/source-app.ts';

const slow = `
components:
  web:
    image: ${image('faulty:1.0')}
    port: 8080
    resources: ${small}
    env: {MODE: slow, DELAY: 15s}
    health: {http: /healthz, interval: 1s, failures: 60}
`;

type Lease = { spec: { holderIdentity?: string } };

describe.runIf(registry !== '')('while an image is built', () => {
  const buildah = withBuildah('node');

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s: exit code %i, nothing is left; the same command ends right',
    async ([signal, code], { makeApp, makeFolder }) => {
      const app = makeApp(
        `components: {web: {build: ., port: 8080, resources: {cpu: 10m, memory: 128Mi}}}\n`,
      );
      const env = { ...buildah.env, ...storageBeside(buildah.env, makeFolder()), TMPDIR: makeFolder() };
      const lines = [
        'FROM docker.io/library/node:24-slim',
        'RUN echo "it builds"; sleep 600',
        'COPY server.js ./',
        'USER 65532',
      ];
      const dockerfile = [...lines, 'CMD ["node", "server.js"]', ''].join('\n');
      writeFiles(app.folder, {
        Dockerfile: dockerfile,
        'server.js': "require('node:http').createServer((_, to) => to.end('built')).listen(8080);",
      });
      const run = app.start(['deploy'], { env });
      await until(run, 'it builds"');
      const begun = performance.now();
      run.kill(signal);
      expect((await run).exitCode).toBe(code);
      // The step would take ten minutes; a tool has half a minute to tidy up, as the next line wants it.
      expect(performance.now() - begun).toBeLessThan(60_000);
      expect((await execa('buildah', ['containers', '--quiet'], { env })).stdout).toBe('');
      expect(readdirSync(env.TMPDIR).filter((name) => /^(paas|buildah)/.test(name))).toEqual([]);
      expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');

      writeFiles(app.folder, { Dockerfile: dockerfile.replace('; sleep 600', '') });
      const again = await app.paas(['deploy'], { env });
      expect(again.code, again.all).toBe(0);
      expect(await ask(app.namespace, 'web')).toBe('built');
    },
  );
});

describe.concurrent('interruption', () => {
  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s in the middle: exit code %i, the lock released; the same command ends right',
    async ([signal, code], { makeApp }) => {
      const app = makeApp(slow);
      const run = app.start(['deploy']);
      await until(run, '0/1 ready');
      run.kill(signal);
      const end = await run;
      expect(end.exitCode).toBe(code);
      const lock = `lease/paas.${app.name}.default.lock`;
      const lease = await kubectlJson<Lease>('get', lock, '-n', app.namespace);
      expect(lease.spec.holderIdentity ?? '').toBe('');
      expect((await app.paas(['status'])).stdout).toContain('release 1 interrupted');

      const again = await app.paas(['deploy']);
      expect(again.all).toContain('is live');
      expect(again.code).toBe(0);
      expect(await ask(app.namespace, 'web', '/healthz')).toBeTruthy();
    },
  );

  test('kill -9 in the middle: the same command takes over at once and ends right', async ({ makeApp }) => {
    const app = makeApp(slow);
    const run = app.start(['deploy']);
    await until(run, '0/1 ready');
    run.kill('SIGKILL');
    await run;
    const again = await app.paas(['deploy']);
    expect(again.all).toContain('took over from');
    expect(again.code).toBe(0);
  });

  test('two deploys at once: one waits, names the other, then ends right', async ({ makeApp }) => {
    // Long enough for the second to begin before the first has ended, also on a slow machine.
    const app = makeApp(slow.replace('DELAY: 15s', 'DELAY: 30s'));
    const first = app.start(['deploy']);
    await until(first, '0/1 ready');
    const second = await app.paas(['deploy']);
    expect(second.all).toMatch(/waiting for \S+@\S+, who is at work/);
    expect(second.code).toBe(0);
    expect((await first).exitCode).toBe(0);
  });
});
