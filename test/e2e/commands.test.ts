import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { pause, until } from '../cluster/wait.ts';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { context, image, small } from '../support/cluster.ts';
import { paas, program, root } from '../support/paas.ts';

const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<
    string,
    { summary: string; examples: string[]; flags: Record<string, { description: string }> }
  >;
};
const commands = Object.entries(manifest.commands);

describe.concurrent('every command', () => {
  test('is in the README, has --json, examples in its help, and a description of each flag', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const [id, { summary, examples, flags }] of commands) {
      expect(readme).toContain(`\`paas ${id.replaceAll(':', ' ')}`);
      expect(summary).toBeTruthy();
      expect(examples.length).toBeGreaterThan(1);
      expect(Object.keys(flags)).toContain('json');
      for (const flag of Object.values(flags)) expect(flag.description).toBeTruthy();
    }
  });

  test('--help, --version, no command at all', async ({ makeFolder }) => {
    const cwd = makeFolder();
    expect((await paas(['deploy', '--help'], { cwd })).stdout).toContain(
      '$ paas deploy --env production --yes',
    );
    expect(await paas(['--version'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^paas\/\d/),
    });
    expect(await paas([], { cwd })).toMatchObject({ code: 0, stdout: expect.stringContaining('COMMANDS') });
    expect((await paas(['help', 'logs'], { cwd })).stdout).toContain('$ paas logs web --follow');
  });

  test('logs --follow shows what is written later, and ends with its reader', async ({ makeApp }) => {
    const app = makeApp(
      `components: {web: {image: "${image('hello:1.0')}", port: 8080, resources: ${small}}}\n`,
    );
    await app.paas(['deploy']);
    const pipe = `${process.execPath} ${program} logs --follow | head -1`;
    const env = { PAAS_CONTEXT: context };
    const run = execa('sh', ['-c', pipe], { cwd: app.folder, env });
    await once(run.stdout, 'data');
    const ended = run.then(() => true);
    // Nobody reads any more: the next line finds its pipe closed, once its reader has ended.
    await until('the end', async () => {
      await ask(app.namespace, 'web');
      return Promise.race([ended, pause(1000).then(() => false)]);
    });
    expect((await run).stdout).toContain('listening');
  });

  test('logs of a component that is not in the file', async ({ makeApp }) => {
    const run = await makeApp('components: {web: {image: x}}\n').paas(['logs', 'wbe']);
    expect(run.all).toContain('Did you mean web?');
    expect(run.code).toBe(7);
  });

  test('status of what was never deployed', async ({ makeApp }) => {
    const app = makeApp('components: {web: {image: x}}\n');
    expect(await app.paas(['status'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Not deployed yet'),
    });
    expect(JSON.parse((await app.paas(['status', '--json'])).stdout)).toMatchObject({
      release: null,
      components: [],
    });
  });

  test('validate --json: the app, or every problem with its place', async ({ makeApp }) => {
    const app = makeApp('components: {web: {image: x}}\n');
    expect(JSON.parse((await app.paas(['validate', '--json'])).stdout)).toMatchObject({
      app: { name: app.name },
      problems: [],
    });
    app.write('components: {web: {imagee: x, prot: 1}}\n');
    const run = await app.paas(['validate', '--json']);
    expect(JSON.parse(run.stdout).problems).toMatchObject([
      { code: 'unknown-key', at: { file: 'paas.yaml', line: 2, column: 20 } },
      { code: 'unknown-key', at: { line: 2, column: 31 } },
    ]);
    expect(run.code).toBe(7);
  });
});
