import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { versionsOf } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { root } from '../support/paas.ts';

const hello = (more = '', tag = '1.0'): string => `
components:
  web:
    image: ${image(`hello:${tag}`)}
    port: 8080
    resources: ${small}
    env: {GREETING: file}
${more}`;

interface Report {
  readonly pending: boolean;
  readonly file: readonly { readonly object: string; readonly action: string; readonly words: string }[];
  readonly drift: readonly {
    readonly object: string;
    readonly words: string;
    readonly by?: string;
    readonly fate: string;
  }[];
}

describe.concurrent('diff', () => {
  test('before the first deploy: everything is new, and nothing is made', async ({ makeApp }) => {
    const app = makeApp(hello());
    const run = await app.paas(['diff']);
    expect([run.code, run.stdout]).toEqual([2, expect.stringContaining('+ deployment/web')]);
    expect(run.stdout).toContain('Not deployed yet.');
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
  });

  test('what the file changes and what others did, apart; nothing is written', async ({ makeApp }) => {
    const app = makeApp(hello('    instances: 2\n'));
    await app.paas(['deploy']);
    const versions = await versionsOf(app.namespace);
    const quiet = await app.paas(['diff']);
    expect(await versionsOf(app.namespace)).toEqual(versions);
    expect([quiet.code, quiet.stdout]).toEqual([0, expect.stringContaining('Nothing to change.')]);

    const by = (...args: string[]) => kubectl('-n', app.namespace, ...args);
    await by('set', 'env', 'deployment/web', 'ADDED=1', 'GREETING=hand');
    await by('set', 'image', 'deployment/web', `web=${image('hello:1.1')}`);
    await by('scale', 'deployment/web', '--replicas=3');
    await by('delete', 'service/web');
    await by(
      'patch',
      'deployment/web',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/template/spec/automountServiceAccountToken"}]',
    );
    app.write(
      hello('    instances: 2\n    entrypoint: [/hello]\n').replace(
        'GREETING: file',
        'GREETING: file, MORE: 1.10',
      ),
    );
    const said = () =>
      by('get', 'deployment/web', '-o', 'jsonpath={.metadata.generation} {.metadata.labels}');
    const before = await said();
    const run = await app.paas(['diff', '--json']);
    expect(run.code).toBe(2);
    const report = JSON.parse(run.stdout) as Report;
    expect(report.file.map(({ object, words }) => `${object}: ${words}`)).toEqual([
      'deployment/web: env MORE added: 1.10',
      'deployment/web: entrypoint added: ["/hello"]',
    ]);
    const told = report.drift.map(({ object, words, by: who, fate }) =>
      [object, words, who, fate].join(' | '),
    );
    expect(told.sort()).toEqual(
      [
        `deployment/web | 2 → 3 instances | kubectl | kept`,
        `deployment/web | env ADDED added: 1 | kubectl-set | taken_out`,
        `deployment/web | env GREETING file → hand | kubectl-set | taken_back`,
        `deployment/web | image ${image('hello:1.0')} → ${image('hello:1.1')} | kubectl-set | taken_back`,
        'deployment/web | automountServiceAccountToken removed |  | taken_back',
        'service/web | deleted |  | made_again',
      ].sort(),
    );
    expect(await said()).toBe(before);
    expect(await by('get', 'services', '-o', 'name')).toBe('');
    // For people, and for a pull request.
    const text = await app.paas(['diff']);
    expect(text.stdout).toMatch(
      /env GREETING file → hand, by kubectl-set (just now|\d+ minutes? ago): will be taken back/,
    );
    const markdown = await app.paas(['diff', '--markdown']);
    expect(markdown.stdout).toContain('| ~ | deployment/web | env MORE added: 1.10 |');

    expect((await app.paas(['deploy'])).code).toBe(0);
    const after = JSON.parse((await app.paas(['diff', '--json'])).stdout) as Report;
    expect([after.pending, after.file, after.drift.map(({ fate }) => fate)]).toEqual([false, [], ['kept']]);
  });

  test('what a Secret holds is told nowhere: not as drift, not in a conflict, not of a release', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    mkdirSync(join(app.folder, '.paas', 'manifests'), { recursive: true });
    const encoded = (value: string): string => Buffer.from(value).toString('base64');
    const secret = (value: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'own' },
        data: { a: encoded(value) },
      });
    const file = join(app.folder, '.paas', 'manifests', 'secret.yaml');
    writeFileSync(file, secret('geheim-1'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const patch = (manager: string, value: string) =>
      kubectl(
        ...['-n', app.namespace, 'patch', 'secret', 'own', '--field-manager', manager],
        ...['-p', JSON.stringify({ data: { a: encoded(value) } })],
      );
    await patch('kubectl-edit', 'geheim-2');
    const drift = await app.paas(['diff', '--json']);
    expect(drift.stdout).toContain('"field": ".data.a"');
    await patch('external-secrets', 'geheim-3');
    writeFileSync(file, secret('geheim-4'));
    const foreign = await app.paas(['deploy']);
    expect([foreign.code, foreign.all]).toEqual([8, expect.stringContaining('[foreign-owner]')]);
    const shown = await app.paas(['releases', 'show', '1', '--yaml']);
    expect(shown.stdout).toContain('(hidden)');
    const all = [drift, foreign, shown, await app.paas(['diff'])].map((run) => run.all).join('');
    for (const value of [1, 2, 3, 4].map((n) => `geheim-${n}`)) {
      expect(all).not.toContain(value);
      expect(all).not.toContain(encoded(value));
    }
  });

  test('a newer paas that renders otherwise: the diff says that it is the tool, not the user', async ({
    makeApp,
    makeFolder,
  }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    const newer = makeFolder();
    for (const part of ['bin', 'src', 'schemas', 'templates', 'package.json'])
      cpSync(join(root, part), join(newer, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(newer, 'node_modules'));
    const edit = (file: string, before: string | RegExp, after: string): void =>
      writeFileSync(join(newer, file), readFileSync(join(newer, file), 'utf8').replace(before, after));
    edit('package.json', /"version": ?"[^"]+"/, '"version": "9.0.0"');
    edit('templates/component/objects/deployment.yaml', 'then: 0, else: 10', 'then: 1, else: 10');
    await execa(process.execPath, [join(newer, 'bin', 'build.ts')]);
    const env = { PAAS_CONTEXT: process.env.PAAS_TEST_CONTEXT };
    const run = await execa(process.execPath, [join(newer, 'bin', 'paas.js'), 'diff'], {
      cwd: app.folder,
      env,
      reject: false,
    });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([
      2,
      expect.stringContaining('minReadySeconds 0 → 1'),
      '',
    ]);
    expect(run.stdout).toMatch(
      /this is 9\.0\.0: your files are the same, what they change comes from paas itself/,
    );
  });
});
