import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

test('a new feature works as it is: listed, explained, rendered, tested against what was noted', async ({
  makeFolder,
}) => {
  const cwd = makeFolder();
  const run = (...args: string[]) => paas(args, { cwd });
  const folder = '.paas/features/nightly-report';
  const made = await run('catalog', 'new', 'nightly-report');
  expect([made.code, made.stdout.split('\n')[0]]).toEqual([0, `${folder}/feature.yaml`]);
  const again = await run('catalog', 'new', 'nightly-report');
  expect([again.code, again.stderr]).toEqual([7, expect.stringContaining('[folder-is-there]')]);

  expect((await run('catalog')).stdout).toMatch(
    /^nightly-report \(app, \.paas\/features\/nightly-report\)\n.*\n +keys: nightly_report$/m,
  );
  const { features } = JSON.parse((await run('catalog', '--json')).stdout);
  expect(features).toContainEqual(
    expect.objectContaining({ name: 'health', layer: 'built-in', keys: ['health'] }),
  );

  const unnoted = await run('catalog', 'test', folder);
  expect([unnoted.code, unnoted.stderr]).toEqual([7, expect.stringContaining('is not noted yet')]);
  expect((await run('catalog', 'test', folder, '--update')).stdout).toBe('noted simple');
  expect(readFileSync(join(cwd, folder, 'examples/simple/expected.yaml'), 'utf8')).toContain(
    'every_seconds: "30"',
  );
  expect((await run('catalog', 'test', folder)).stdout).toBe('passed simple');

  const template = join(cwd, folder, 'objects/config-map.yaml');
  writeFileSync(template, readFileSync(template, 'utf8').replace('every_seconds', 'every_s'));
  const differs = await run('catalog', 'test', folder);
  expect(differs.code).toBe(7);
  expect(differs.stderr).toContain('|   every_s: "30"'.replace('|  ', '| +  '));
});
