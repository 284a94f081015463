import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { builtInRuntimes } from '../../src/catalog/built-in-runtimes.ts';
import { test } from '../support/app.ts';
import { paas, root } from '../support/paas.ts';

// A language is a folder: a platform team's own is read as the built-in ones are.

const crystal = `title: Crystal
detect: {file: shard.yml}
version: [{yaml: shard.yml, path: crystal, match: '(\\d+\\.\\d+)'}]
dependencies: [{yaml: shard.yml, path: dependencies}]
names: {target: [{yaml: shard.yml, path: name}]}
build: [{use: 'shards build --production'}]
command: [{use: ['bin/\${target}']}]
services: [{type: postgresql, dependencies: [will-pg, pg], variables: [DATABASE_URL]}]
frameworks:
  - name: kemal
    title: Kemal
    when: {dependency: kemal}
    port: 3000
    health: [{text: 'src/*.cr', match: '^get "(/healthz)"'}]
`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const source = {
  'shard.yml':
    'name: shop\ncrystal: ">= 1.15"\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n  pg:\n    github: will/crystal-pg\n',
  'src/shop.cr': 'require "kemal"\n\nget "/healthz" { "ok" }\n',
};

describe("a platform team's runtimes", () => {
  test('a new language needs no code', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { ...source, 'platform/platform.yaml': 'features: [features]\n' });
    write(join(cwd, 'platform/features'), {
      'runtimes/crystal/runtime.yaml': crystal,
      // What belongs to others lies beside it.
      'runtimes/crystal/recipe.yaml': '{not: [for, this',
      'runtimes/README.md': '# Languages\n',
    });
    const flags = ['--platform', 'platform/platform.yaml', '--name', 'shop'];
    const run = await paas(['init', '--yes', ...flags], { cwd });
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('Kemal')]);
    const text = readFileSync(join(cwd, 'paas.yaml'), 'utf8');
    expect(text).toContain('# command: [bin/shop]');
    expect(text).toContain('port: 3000');
    expect(text).toContain('health: {http: /healthz} # src/shop.cr:3');
    expect(text).toContain('postgresql (pg in shard.yml)');
    // Features and runtimes don't disturb one another.
    const catalog = await paas(['catalog', '--platform', 'platform/platform.yaml', '--json'], { cwd });
    expect(catalog.code).toBe(0);
    expect(catalog.stdout).not.toContain('runtimes');
  });

  test('one takes the place of the built-in one of its name', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { 'package.json': '{}', 'platform.yaml': 'features: [own]\n' });
    write(cwd, {
      'own/runtimes/node/runtime.yaml':
        'title: Our Node.js\ndetect: {file: package.json}\ncommand: our-start\nport: 7000\n',
    });
    const run = await paas(['init', '--yes', '--platform', 'platform.yaml'], { cwd });
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('Our Node.js')]);
    expect(readFileSync(join(cwd, 'paas.yaml'), 'utf8')).toContain('port: 7000');
  });

  test.for([
    ['title: X\n', 'It needs detect', '1:1'],
    ['detect: {file: x}\n', 'It needs a title', '1:1'],
    ['title: X\ndetect: {fil: x}\n', 'Did you mean file?', '2:10'],
    ['title: X\ndetect: {text: x, match: "("}\n', 'no regular expression', '2:26'],
    [
      'title: X\ndetect: {file: x}\nport: [{when: {file: y}}]\n',
      'neither what to use nor where to look',
      '3:8',
    ],
    ['title: X\ndetect: {file: x, path: y}\n', 'Only json, toml and yaml have a path', '2:25'],
    ['title: X\ndetect: {file: x}\ndependencies: [{text: x}]\n', '(?<name>…)', '3:16'],
    ['title: X\ndetect: {file: x\n', 'opened and not closed', '2:9'],
    ['', 'It needs a runtime.yaml', '1:1'],
  ])('%j: %s', async ([text, said, at], { makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { 'package.json': '{}', 'platform.yaml': 'features: [own]\n' });
    write(cwd, { 'own/runtimes/bad/runtime.yaml': text! });
    const run = await paas(['init', '--yes', '--platform', 'platform.yaml'], { cwd });
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining(said!)]);
    expect(run.stderr).toContain(`own/runtimes/bad/runtime.yaml:${at}`);
  });

  test('no feature can be called so', async ({ makeFolder }) => {
    const run = await paas(['catalog', 'new', 'runtimes'], { cwd: makeFolder() });
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining('the folder of runtimes')]);
  });
});

test('the built-in runtimes are those of the folders', async () => {
  const known = await builtInRuntimes(root);
  expect(known.map(({ name }) => name)).toEqual(['go', 'java', 'node', 'php', 'python', 'ruby', 'static']);
  expect(known.map(({ folder }) => folder)[0]).toBe('templates/runtimes/go');
});
