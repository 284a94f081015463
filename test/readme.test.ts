import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { parseDocument } from '../src/document/parse.ts';
import { knownKeys } from '../src/model/describe-key.ts';
import { readPlatform } from '../src/model/platform.ts';
import { platformSchema } from '../src/model/platform-schema.ts';
import { rootSchema } from '../src/model/schema.ts';
import { checkSource } from '../src/pipeline/check-file.ts';
import { pages } from '../src/problems/pages.ts';
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

test('every YAML block is a valid file, in each of its environments', () => {
  const platforms = blocks(section('The platform file'), 'yaml');
  expect(platforms).toHaveLength(1);
  const all = blocks(readme, 'yaml');
  expect(all.length).toBeGreaterThanOrEqual(3);
  for (const text of all) {
    const source = { path: 'README.md', text };
    const { problems, notYet } = platforms.includes(text)
      ? readPlatform(parseDocument(source).root, source)
      : checkSource(source, undefined);
    expect([...problems, ...notYet].map(({ message }) => ({ message, text }))).toEqual([]);
  }
});

test.for(['The file', 'The platform file'])('what %s says inline is of the language', (title) => {
  const text = section(title).replaceAll(/^```.*?^```$/gms, '');
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  expect(inline.length).toBeGreaterThan(5);
  // Values, the name of the environment of a file without any, and where a program may write.
  const words = new Set([
    'once',
    'on_demand',
    'null',
    'default',
    '1.10',
    '007',
    '$(NAME)',
    '/tmp',
    '<app>-<component>',
  ]);
  const keys = new Set([...knownKeys(rootSchema), ...knownKeys(platformSchema), ...Object.keys(pages)]);
  const unknown = inline
    .filter(
      (code) =>
        !/^paas |^# yaml-language-server: |^--[\w-]+( [A-Z]+)?$|^PAAS_\w+$|^(render|deploy)$/.test(code),
    )
    .filter((code) => !words.has(code) && !keys.has(code) && !isOfComponent(code) && !isOfPlatform(code));
  expect(unknown).toEqual([]);
});

/** Whether a line such as `health: {http: /healthz}` may stand in a component. */
function isOfComponent(line: string): boolean {
  if (!line.includes(':')) return false;
  const text = `app: shop\ncomponents: {web: {image: shop, ${line}}}\n`;
  return checkSource({ path: 'README.md', text }, undefined).problems.length === 0;
}

/** Whether a line such as `shared: true` may stand in one of the maps of the platform file. */
function isOfPlatform(line: string): boolean {
  const text = `namespaces: {${line}}\n`;
  const source = { path: 'README.md', text };
  return line.includes(':') && readPlatform(parseDocument(source).root, source).problems.length === 0;
}

test('the exit codes are those of the program', async () => {
  const { exitCodes } = await import('../src/cli/exit-codes.ts');
  const rows = [...readme.matchAll(/^\| ([\d, ]+) \| /gm)].flatMap(([, codes]) =>
    codes!.split(', ').map(Number),
  );
  expect(rows.sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
});
