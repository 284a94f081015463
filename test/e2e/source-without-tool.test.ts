import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect } from 'vitest';
import { BASES, makeBaseImages } from '../images/base-images.ts';
import { buildahEnvironment } from '../images/buildah.ts';
import { buildTestImage } from '../images/push.ts';
import { ask } from '../support/answer.ts';
import { eventsOf, type TestApp, test } from '../support/app.ts';
import { registry } from '../support/cluster.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { fill } from '../support/images.ts';
import type { Run } from '../support/paas.ts';
import { copyProject, edit, imagesOf, outcomeOf, platformOf, portOf } from '../support/source-app.ts';

// Without any program that builds images: the program itself puts an image together of files that are there.

describe.runIf(registry !== '')('an image that needs no build tool', () => {
  /** No program is found. */
  let env: Record<string, string> = {};
  let buildah: Record<string, string> = {};
  beforeAll(async () => {
    buildah = await buildahEnvironment(console.log);
    const bases = ['node', 'python', 'nginx', 'java'] as const;
    await makeBaseImages(bases, buildah, console.log);
    const images = await Promise.all(
      bases.map(async (base) => {
        const reference = `${registry}/base/${base}:1`;
        const image = BASES[base].names.at(-1)!;
        await execa('buildah', ['push', '--tls-verify=false', image, `docker://${reference}`], {
          env: buildah,
        });
        return [base === 'nginx' ? 'static' : base, { run: reference }] as const;
      }),
    );
    const registries = { [registry]: { plain_http: true } };
    const platform = platformOf(registries, { base_images: Object.fromEntries(images) });
    env = { ...platform, PATH: makeTemporaryFolder() };
  }, 900_000);

  async function deployed(app: TestApp): Promise<Run> {
    const init = await app.paas(['init', '--yes', '--force', '--name', app.name], { env });
    expect(init.code, init.all).toBe(0);
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run.code, run.all).toBe(0);
    expect(imagesOf(run)).toMatchObject([{ by: 'paas' }]);
    return run;
  }

  const answer = (app: TestApp): Promise<string> => ask(app.namespace, 'web', '/', portOf(app));

  test('a site, again, and after a change', async ({ makeApp }) => {
    const app = makeApp('');
    copyProject(app, 'static');
    const first = await deployed(app);
    expect(await answer(app)).toContain('static says hello');
    const again = await app.paas(['deploy', '--json'], { env });
    expect([outcomeOf(again), imagesOf(again)]).toMatchObject([
      'unchanged',
      [{ image: imagesOf(first)[0]!.image, layers: { pushed: 0 } }],
    ]);
    edit(app, 'index.html', 'says hello', 'says bye');
    const changed = await app.paas(['deploy', '--json'], { env });
    expect(imagesOf(changed)).toMatchObject([{ layers: { pushed: 1 } }]);
    expect(await answer(app)).toContain('static says bye');
  });

  test('Node.js, once its dependencies are there', async ({ makeApp }) => {
    const app = makeApp('');
    copyProject(app, 'node');
    expect((await app.paas(['init', '--yes', '--name', app.name], { env })).code).toBe(0);
    const run = await app.paas(['deploy'], { env });
    expect([run.code, run.stderr]).toEqual([8, expect.stringContaining('[no-build-tool]')]);
    expect(run.stderr).toContain("node_modules isn't");
    expect(run.stderr).toContain('Run npm ci first');

    fill(app.folder, {
      'node_modules/ms/package.json': '{"name": "ms", "version": "2.1.3", "main": "index.js"}',
      'node_modules/ms/index.js': 'module.exports = (time) => `${time / 60000}m`;',
      'built.txt': 'by hand',
    });
    const again = await app.paas(['deploy', '--json'], { env });
    expect(again.code, again.all).toBe(0);
    expect(eventsOf(again)).toContainEqual({
      type: 'warning',
      message: expect.stringContaining('npm run build'),
    });
    expect(await answer(app)).toBe('node says hello, 1m, by hand');
  });

  test('Python, with its packages in vendor', async ({ makeApp }) => {
    const app = makeApp('');
    fill(app.folder, {
      'vendor/greeting.py': 'WORDS = b"python says hello\\n"\n',
      'requirements.txt': '',
      '.python-version': '3.11\n',
      Procfile: 'web: python main.py\n',
      'main.py': [
        'import os, http.server, greeting',
        'class Answer(http.server.BaseHTTPRequestHandler):',
        '    def do_GET(self):',
        '        self.send_response(200)',
        '        self.end_headers()',
        '        self.wfile.write(greeting.WORDS)',
        'http.server.HTTPServer(("", int(os.environ["PORT"])), Answer).serve_forever()',
        '',
      ].join('\n'),
    });
    await deployed(app);
    expect(await answer(app)).toBe('python says hello');
  });

  test('a Go program that is built', async ({ makeApp }) => {
    const app = makeApp('');
    copyProject(app, 'go');
    mkdirSync(join(app.folder, 'bin'));
    copyFileSync(await buildTestImage('hello', '1.0'), join(app.folder, 'bin/shop'));
    await deployed(app);
    expect(await answer(app)).toContain('Hello from');
  });

  test('a jar', async ({ makeApp, makeFolder }) => {
    const app = makeApp('');
    copyProject(app, 'java');
    const source = 'src/main/java/example/Shop.java';
    const file = join(makeFolder(), 'Dockerfile');
    const lines = [
      'FROM docker.io/library/maven:3-eclipse-temurin-17 AS build',
      `COPY ${source} /src/Shop.java`,
      'RUN javac -d /out /src/Shop.java && jar --create --file /shop.jar --main-class example.Shop -C /out .',
      'FROM scratch',
      'COPY --from=build /shop.jar /',
    ];
    writeFileSync(file, lines.join('\n'));
    const target = join(app.folder, 'target/shop.jar');
    mkdirSync(dirname(target));
    const output = `type=local,dest=${dirname(target)}`;
    await execa('buildah', ['build', '--file', file, '--output', output, app.folder], { env: buildah });
    await deployed(app);
    expect(await answer(app)).toBe('java says hello');
  });
});
