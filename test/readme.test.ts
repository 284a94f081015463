import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { test } from './support/app.ts';
import { image, kubectl } from './support/cluster.ts';
import { program, root } from './support/paas.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The part of the README under a heading, up to the next of the same level. */
function section(title: string): string {
  const from = readme.indexOf(`\n## ${title}\n`);
  return readme.slice(from, readme.indexOf('\n## ', from + 4));
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, body]) => body ?? '',
  );
}

function commands(text: string): string[] {
  return blocks(text, 'console').flatMap((block) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('$ '))
      .map((line) => line.slice(2)),
  );
}

test('the two commands are scripts of the package, and CI runs the second', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(commands(section('Two commands'))).toEqual(['npm run demo', 'npm test']);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  expect(readFileSync(join(root, '.ci', 'run'), 'utf8')).toMatch(/^npm test$/m);
});

test('every npm script that the README names is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = [...readme.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, name]) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
});

test('a first deploy: its commands, as they are written', async ({ makeFolder, onTestFinished }) => {
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', 'first-default', '--ignore-not-found', '--wait=false');
  });
  const folder = makeFolder();
  symlinkSync(program, join(folder, 'paas'));
  const [yaml] = blocks(section('A first deploy'), 'yaml');
  writeFileSync(join(folder, 'paas.yaml'), yaml!.replace('localhost:5000/hello:1.0', image('hello:1.0')));
  const lines = commands(section('A first deploy'));
  const own = lines.filter((line) => line.startsWith('paas '));
  expect(own.map((line) => line.split(' ')[1])).toEqual([
    'validate',
    'render',
    'deploy',
    'status',
    'logs',
    'delete',
  ]);
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    PAAS_CONTEXT: process.env.PAAS_TEST_CONTEXT,
    NODE_ENV: undefined,
  };
  for (const line of own) {
    const run = await execa('sh', ['-c', line], {
      cwd: folder,
      env,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    expect(`${line}: ${run.exitCode}\n${run.exitCode === 0 ? '' : run.all}`).toBe(`${line}: 0\n`);
  }
});

test('the example of the file is valid', async ({ makeFolder }) => {
  const folder = makeFolder();
  const [yaml] = blocks(section('The file'), 'yaml');
  writeFileSync(join(folder, 'paas.yaml'), yaml!);
  const run = await execa(process.execPath, [program, 'validate', '--env', 'production'], {
    cwd: folder,
    reject: false,
    all: true,
  });
  expect(run.all).toContain('paas.yaml is valid');
});

test('the exit codes are those of the program', async () => {
  const { exitCodes } = await import('../src/cli/exit-codes.ts');
  const rows = [...readme.matchAll(/^\| ([\d, ]+) \| /gm)].flatMap(([, codes]) =>
    codes!.split(', ').map(Number),
  );
  // 2, 5 and 9 belong to commands that are still to come.
  const later = [exitCodes.changesPending, exitCodes.rolledBack, exitCodes.rollbackFailed];
  expect(rows.sort((a, b) => a - b)).toEqual(
    Object.values(exitCodes)
      .filter((code) => !later.some((one) => one === code))
      .sort((a, b) => a - b),
  );
});
