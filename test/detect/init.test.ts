import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkFile } from '../../src/pipeline/check-file.ts';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';
import { converse, keys } from '../support/terminal.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** The file that was written, which must be valid but for what paas can't do yet. */
async function written(cwd: string, file = 'paas.yaml'): Promise<string> {
  const { problems } = await checkFile({ file, env: undefined, cwd });
  expect(problems).toEqual([]);
  return readFileSync(join(cwd, file), 'utf8');
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const server = {
  'package.json': '{"scripts": {"start": "node server.js"}, "dependencies": {"express": "^5"}}',
  'server.js': 'app.listen(4000)',
};

describe('flags', () => {
  test('each answers what would be asked', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, server);
    const flags = ['--name', 'shop', '--port', '9000', '--command', 'node server.js --port $PORT'];
    const more = ['--registry', 'registry.example.com/team', '--host', 'shop.example.com'];
    const run = await paas(['init', ...flags, ...more], { cwd });
    expect([run.code, run.stdout]).toEqual([0, 'paas.yaml']);
    const text = await written(cwd);
    expect(text).toContain('app: shop\nregistry: registry.example.com/team');
    expect(text).toContain('port: 9000');
    expect(text).toContain('command: [sh, -c, "exec node server.js --port $PORT"]');
    expect(text).toContain('routes: [shop.example.com]');
    expect(run.stderr).not.toContain('which registry');
  });

  test('a command that is the detected one is left to the image', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, server);
    await paas(['init', '--command', 'node server.js'], { cwd });
    expect(await written(cwd)).not.toMatch(/^ +command:/m);
  });

  test('--image needs no source', async ({ makeFolder }) => {
    const cwd = makeFolder();
    const run = await paas(['init', '--image', 'registry.example.com/shop:1.4', '--port', '8080'], { cwd });
    expect(run.code).toBe(0);
    expect(await written(cwd)).toContain('image: registry.example.com/shop:1.4\n    port: 8080');
    const checked = await paas(['validate'], { cwd });
    expect([checked.code, checked.stderr]).toEqual([0, '']);
  });

  test.for([
    ['--name', 'My Shop', 'lower-case letters'],
    ['--host', 'https://shop.example.com', 'This must be'],
    ['--registry', 'https://registry.example.com', 'This must be'],
    ['--image', 'Shop:', 'This must be'],
    ['--port', '70000', '65535'],
  ])('%s %s is refused before anything is written', async ([flag, value, said], { makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, server);
    const run = await paas(['init', flag!, value!], { cwd });
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining(said!)]);
    expect(run.stderr).toContain('[bad-usage]');
  });

  test('a host needs a port', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { 'main.py': 'print(1)\n' });
    const run = await paas(['init', '--host', 'shop.example.com'], { cwd });
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining('--port 8080')]);
  });

  test('--json is one document and asks nothing', async ({ makeFolder }) => {
    const cwd = makeFolder();
    cpSync(join(fixtures, 'laravel-mysql-redis'), cwd, { recursive: true });
    const run = await paas(['init', '--json', '--name', 'shop'], { cwd });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const said = JSON.parse(run.stdout);
    expect(said).toMatchObject({ version: 1, file: 'paas.yaml', app: 'shop' });
    expect(said.components.map((component: { name: string }) => component.name)).toEqual([
      'web',
      'worker',
      'migrate',
    ]);
    expect(said.services).toContainEqual({
      name: 'cache',
      type: 'redis',
      because: 'predis/predis in composer.json',
      variables: ['REDIS_HOST', 'REDIS_PASSWORD', 'REDIS_PORT'],
      commented_out: true,
    });
    expect(said.seen[0].seen).toContainEqual({
      about: 'release',
      what: 'before each release php artisan migrate --force',
      where: 'Procfile:3',
    });
  });
});

describe('the file that is there', () => {
  test('is not overwritten unasked', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { ...server, 'paas.yaml': 'app: mine\n' });
    for (const flags of [[], ['--yes'], ['--json']]) {
      const run = await paas(['init', ...flags], { cwd });
      expect([run.code, run.all]).toEqual([7, expect.stringContaining('file-is-there')]);
      expect(readFileSync(join(cwd, 'paas.yaml'), 'utf8')).toBe('app: mine\n');
    }
    expect((await paas(['init', '--force', '--name', 'new'], { cwd })).code).toBe(0);
    expect(await written(cwd)).toContain('app: new');
  });

  test('a link that leads nowhere, a folder, a folder that is not there', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, server);
    symlinkSync('/nowhere/else', join(cwd, 'link.yaml'));
    mkdirSync(join(cwd, 'folder.yaml'));
    const link = await paas(['init', '--file', 'link.yaml'], { cwd });
    expect([link.code, link.stderr]).toEqual([7, expect.stringContaining('[file-is-there]')]);
    const folder = await paas(['init', '--file', 'folder.yaml', '--force'], { cwd });
    expect([folder.code, folder.stderr]).toEqual([8, expect.stringContaining('it is a folder')]);
    const nowhere = await paas(['init', '--file', 'no/paas.yaml', '--image', 'shop:1'], { cwd });
    expect([nowhere.code, nowhere.stderr]).toEqual([8, expect.stringContaining('there is no such folder')]);
  });
});

describe('several apps', () => {
  test('each that is named is a component', async ({ makeFolder }) => {
    const cwd = makeFolder();
    cpSync(join(fixtures, 'workspace-npm'), cwd, { recursive: true });
    const run = await paas(['init', '--folder', 'apps/web', '--folder', 'apps/api/', '--yes'], { cwd });
    expect(run.code).toBe(0);
    const text = await written(cwd);
    expect(text).toContain('  web: # Next.js 15.1 (apps/web/package.json)\n    build: apps/web');
    expect(text).toContain('  api: # Express 4 (apps/api/package.json)\n    build: apps/api');
    expect(run.stderr).toContain('Seen in apps/api');
  });

  test('folders are as seen from the person, contexts as seen from the file', async ({ makeFolder }) => {
    const cwd = makeFolder();
    cpSync(join(fixtures, 'folders-of-languages'), cwd, { recursive: true });
    mkdirSync(join(cwd, 'deploy'));
    const run = await paas(['init', '--file', 'deploy/paas.yaml', '--folder', 'backend'], { cwd });
    expect(run.code).toBe(0);
    expect(await written(cwd, 'deploy/paas.yaml')).toContain('build: ../backend');
  });

  test('one that is none is named', async ({ makeFolder }) => {
    const cwd = makeFolder();
    cpSync(join(fixtures, 'workspace-npm'), cwd, { recursive: true });
    const none = await paas(['init', '--folder', 'nothing'], { cwd });
    expect([none.code, none.stderr]).toEqual([7, expect.stringContaining("nothing can't be read")]);
    const both = await paas(['init', '--folder', 'apps/web', '--folder', 'apps/api', '--port', '80'], {
      cwd,
    });
    expect([both.code, both.stderr]).toEqual([7, expect.stringContaining('are for one app')]);
  });
});

describe('sources that are odd', () => {
  test('an empty folder: what was looked for, and what to do', async ({ makeFolder }) => {
    const run = await paas(['init'], { cwd: makeFolder() });
    expect(run.code).toBe(7);
    expect(run.stderr).toContain('Node.js: package.json');
    expect(run.stderr).toContain('paas init --image');
  });

  test('links in a circle, pipes, folders without end, names that would break a file', async ({
    makeFolder,
  }) => {
    const cwd = makeFolder();
    write(cwd, server);
    symlinkSync('..', join(cwd, 'up'));
    symlinkSync('self', join(cwd, 'self'));
    symlinkSync('server.js', join(cwd, 'index.js'));
    execFileSync('mkfifo', [join(cwd, 'Procfile')]);
    mkdirSync(join(cwd, 'node_modules', 'a', 'b'), { recursive: true });
    write(cwd, {
      'src/x\n# y: "z"/main.js': "app.get('/healthz', ok)\n",
      'src/\u001b[31m.js': 'app.listen(1)',
    });
    const run = await paas(['init', '--yes'], { cwd });
    expect(run.code).toBe(0);
    expect(run.stderr).not.toContain('\u001b');
    const text = await written(cwd);
    expect(text).toContain('port: 4000');
    expect(text).toContain('health: {http: /healthz}');
  });

  test('names of folders become names of apps', async ({ makeFolder }) => {
    const names = { 'Mein Café_2': 'mein-cafe-2', '123': 'app', 日本: 'app', MyShop: 'my-shop', '-x-': 'x' };
    for (const [folder, name] of Object.entries(names)) {
      const cwd = join(makeFolder(), folder);
      write(cwd, server);
      expect((await paas(['init', '--yes'], { cwd })).code).toBe(0);
      expect(await written(cwd)).toContain(`app: ${name}\n`);
    }
  });

  test('files that are no text, or too large, or begin with a mark of their encoding', async ({
    makeFolder,
  }) => {
    const cwd = makeFolder();
    write(cwd, {
      'index.html': '<h1>Hello</h1>',
      'package.json': '\ufeff{"scripts": {"start": "node a.js"}}',
    });
    writeFileSync(join(cwd, 'go.mod'), Buffer.from([0xff, 0xfe, 0x00]));
    writeFileSync(join(cwd, 'a.js'), 'x'.repeat(3_000_000));
    const run = await paas(['init', '--yes'], { cwd });
    expect(run.code).toBe(0);
    expect(await written(cwd)).toContain('Node.js (package.json)');
  });

  test('values that are no values', async ({ makeFolder }) => {
    for (const text of ['[]', '"text"', 'null', '{"scripts": [], "dependencies": "x", "workspaces": null}']) {
      const cwd = makeFolder();
      write(cwd, { 'package.json': text, 'index.html': '' });
      const run = await paas(['init', '--yes'], { cwd });
      expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('static files')]);
    }
  });

  test('a checkout: what a .gitignore above names is not looked at', async ({ makeFolder }) => {
    const top = makeFolder();
    const cwd = join(top, 'services', 'api');
    write(top, { '.gitignore': 'generated\n/services/api/index.js\n', '.git/HEAD': '' });
    write(cwd, { 'package.json': '{}', 'index.js': '', 'generated/main.js': '', 'app.js': 'x.listen(5001)' });
    const run = await paas(['init', '--yes'], { cwd });
    expect(run.code).toBe(0);
    expect(await written(cwd)).toContain('[node, app.js]');
  });
});

describe('at a terminal', () => {
  test('what is seen is filled in; Enter takes it', async ({ makeFolder }) => {
    const cwd = join(makeFolder(), 'shop');
    write(cwd, server);
    const { code, screen } = await converse(['init'], cwd, [
      { at: "The app's name", type: keys.enter },
      { at: 'What starts it', type: keys.enter },
      { at: 'Its port', type: `${keys.clearLine}4001${keys.enter}` },
      { at: 'The registry', type: `registry.example.com/team${keys.enter}` },
      { at: 'The host name', type: `shop.example.com${keys.enter}` },
    ]);
    expect([code, screen]).toEqual([0, expect.stringContaining('Seen here')]);
    const text = await written(cwd);
    expect(text).toContain('app: shop\nregistry: registry.example.com/team');
    expect(text).toContain('port: 4001');
    expect(text).toContain('routes: [shop.example.com]');
    expect(text).not.toMatch(/^ +command:/m);
  });

  test('a wrong answer is told, and asked again', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { Dockerfile: 'FROM scratch\nUSER 1\nEXPOSE 80\n' });
    const { code } = await converse(['init', '--registry', 'example.com/a', '--host', 'a.example.com'], cwd, [
      { at: "The app's name", type: `${keys.clearLine}My Shop${keys.enter}` },
      { at: 'a letter first', type: `${keys.clearLine}my-shop${keys.enter}` },
      { at: 'Its port', type: keys.enter },
    ]);
    expect(code).toBe(0);
    expect(await written(cwd)).toContain('app: my-shop');
  });

  test('it listens on no port', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { ...server, Dockerfile: 'FROM scratch\nUSER 1\nEXPOSE 80\n' });
    const { code } = await converse(['init', '--name', 'shop', '--registry', 'example.com/a'], cwd, [
      { at: 'Its port', type: `${keys.clearLine}none${keys.enter}` },
    ]);
    expect(code).toBe(0);
    expect(await written(cwd)).not.toContain('port:');
  });

  test('Ctrl-C writes nothing', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, server);
    const { code } = await converse(['init'], cwd, [
      { at: "The app's name", type: keys.enter },
      { at: 'What starts it', type: keys.controlC },
    ]);
    expect(code).toBe(130);
    expect(() => readFileSync(join(cwd, 'paas.yaml'))).toThrow();
  });

  test('which of several apps', async ({ makeFolder }) => {
    const cwd = join(makeFolder(), 'shop');
    cpSync(join(fixtures, 'workspace-npm'), cwd, { recursive: true });
    const flags = ['init', '--registry', 'example.com/a'];
    const { code } = await converse(flags, cwd, [
      { at: 'Which are components', type: `${keys.space}${keys.enter}` },
      { at: "The app's name", type: keys.enter },
      { at: 'What starts it', type: keys.enter },
      { at: 'Its port', type: keys.enter },
      { at: 'The host name', type: keys.enter },
    ]);
    expect(code).toBe(0);
    const text = await written(cwd);
    expect(text).toContain('build: apps/web');
    expect(text).not.toContain('apps/api');
  });

  test('a file that is there is asked for; --yes asks nothing', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, { ...server, 'paas.yaml': 'app: mine\n' });
    const no = await converse(['init'], cwd, [{ at: 'Write it anew', type: `n${keys.enter}` }]);
    expect(no.code).toBe(130);
    const yes = await converse(['init', '--yes'], cwd, []);
    expect([yes.code, yes.screen]).toEqual([7, expect.stringContaining('[file-is-there]')]);
    expect(readFileSync(join(cwd, 'paas.yaml'), 'utf8')).toBe('app: mine\n');
  });
});
