import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtInRuntimes } from '../../src/catalog/built-in-runtimes.ts';
import { fileText } from '../../src/detect/file-text.ts';
import { findApps } from '../../src/detect/find-apps.ts';
import { propose } from '../../src/detect/proposal.ts';
import { readSourceFolder } from '../../src/detect/source-folder.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { root } from '../support/paas.ts';

// What is written of services once a feature renders their type: the language knows it already.

test('a type that can be set up is a service, and a job before the release is no comment', async () => {
  const folder = join(import.meta.dirname, 'fixtures', 'laravel-mysql-redis');
  const apps = await findApps(await readSourceFolder(folder, folder), await builtInRuntimes(root));
  const none = {
    image: undefined,
    registry: undefined,
    host: undefined,
    port: undefined,
    command: undefined,
  };
  const choices = { ...none, name: 'shop', registryKnown: true };
  const text = fileText(propose(apps, { ...choices, renders: (type) => type === 'mysql' }));
  expect(text).toContain('services:\n  db: {type: mysql} # .env.example:2\n');
  expect(text).toContain(
    'db: {DB_HOST: host, DB_PORT: port, DB_DATABASE: database, DB_USERNAME: user, DB_PASSWORD: password}',
  );
  expect(text).toContain("# It uses redis (predis/predis in composer.json), which paas can't set up yet");
  const all = fileText(propose(apps, { ...choices, renders: () => true }));
  expect(all).toContain('  migrate: # before each release\n    build: .\n');
  expect(all).not.toContain("can't set up");
  const { problems, notYet } = checkSource({ path: 'paas.yaml', text: all }, undefined);
  expect(problems).toEqual([]);
  expect(notYet.filter(({ message }) => !/backing services/.test(message))).toEqual([]);
});
