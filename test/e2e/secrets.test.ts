import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

const show = `
components:
  show:
    image: ${image('faulty:1.0')}
    command: [show]
    run: before_deploy
    resources: ${small}
    env: {KEY: {secret: key}, FILES: /run/key}
    files: {/run/key: {secret: key}}
`;

interface List {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

test('a stored secret arrives as a variable and as a file; a new version makes a new release', async ({
  makeApp,
}) => {
  const app = makeApp(show);
  const missing = await app.paas(['deploy']);
  expect([missing.code, missing.stderr]).toEqual([
    8,
    expect.stringContaining('The secret key is not stored'),
  ]);
  expect(missing.stderr).toContain('paas.yaml:9:');

  // Before the first deploy, and so before there is a namespace.
  const set = (value: string) =>
    app.paas(['secrets', 'set', 'key', '--from-env', 'V'], { env: { V: value } });
  const first = await set('geheim 1\n');
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('Stored key, version 1')]);
  expect(first.all).not.toContain('geheim');
  expect((await app.paas(['deploy'])).code).toBe(0);
  expect(await said(app.namespace, 'show-r1')).toEqual(['geheim 1\n', 'geheim 1\n']);
  expect((await app.paas(['deploy'])).all).toContain('Nothing to do');

  await set('geheim 2');
  const second = await app.paas(['deploy']);
  expect(second.all).toContain('Release 2 is live');
  expect(await said(app.namespace, 'show-r2')).toEqual(['geheim 2', 'geheim 2']);

  // The versions that releases had stay, the others go.
  await set('geheim 3');
  await set('geheim 4');
  await set('geheim 5');
  const { items } = await kubectlJson<List>(
    '-n',
    app.namespace,
    'get',
    'secrets',
    '-l',
    'paas.internal/secret',
  );
  expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(
    [1, 2, 4, 5].map((version) => `secret-key-v${version}`),
  );

  const list = await app.paas(['secrets', 'list']);
  expect(list.stdout).toMatch(/key +5 +(just now|\d+ minutes? ago) +show/);
  const used = await app.paas(['secrets', 'remove', 'key', '--yes']);
  expect([used.code, used.stderr]).toEqual([7, expect.stringContaining('still used by show')]);

  // What runs needs it, though the file has let it go; once it is gone, its versions are never given again.
  const text = readFileSync(join(app.folder, 'paas.yaml'), 'utf8');
  app.write(`components: {web: {image: "${image('hello:1.0')}", resources: ${small}}}\n`);
  const live = await app.paas(['secrets', 'remove', 'key', '--yes']);
  expect([live.code, live.stderr]).toEqual([7, expect.stringContaining('still used by release 2')]);
  expect((await app.paas(['secrets', 'remove', 'key', '--yes', '--force'])).code).toBe(0);
  writeFileSync(join(app.folder, 'paas.yaml'), text);
  expect((await set('geheim 6')).stderr).toContain('Stored key, version 3');
  expect((await app.paas(['deploy'])).all).toContain('Release 3 is live');
  expect(await said(app.namespace, 'show-r3')).toEqual(['geheim 6', 'geheim 6']);

  const gone = await app.paas(['delete', '--yes']);
  expect(gone.code).toBe(0);
  expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
});

/** What the job was given: the variable, and the file. */
async function said(namespace: string, job: string): Promise<string[]> {
  const line = (await kubectl('-n', namespace, 'logs', `job/${job}`))
    .split('\n')
    .find((line) => line.startsWith('{'))!;
  const { variables, files } = JSON.parse(line);
  return [variables.KEY, files['/run/key']].map((text) => Buffer.from(text, 'base64').toString());
}
