import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeKeys, type KeyDescription, knownKeys } from '../../src/model/describe-key.ts';
import { rootSchema } from '../../src/model/schema.ts';
import { pages } from '../../src/problems/pages.ts';
import { paas, root } from '../support/paas.ts';

const paths = knownKeys(rootSchema).filter(
  (key) => key.includes('.') || ['app', 'paas', 'registry'].includes(key),
);
const keys: KeyDescription[] = paths.flatMap((path) => describeKeys(path, rootSchema)).filter(isKey);

/** What a person writes as a key; the names and items that they choose themselves have none. */
function isKey({ path }: KeyDescription): boolean {
  return !path.endsWith('*');
}

describe('every key', () => {
  test('has a description and an example', () => {
    const silent = keys.filter(
      ({ description, examples, values }) => !description || examples.length + (values?.length ?? 0) === 0,
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(keys.length).toBeGreaterThan(120);
  });

  test('is found by its path and by its name', () => {
    for (const { path } of keys) {
      expect(describeKeys(path, rootSchema).map((key) => key.path)).toContain(path);
      expect(describeKeys(path.split('.').at(-1)!, rootSchema).length).toBeGreaterThan(0);
    }
    expect(describeKeys('components.web.health.http', rootSchema)[0]?.path).toBe('components.*.health.http');
    expect(describeKeys('environments.staging.components.web.port', rootSchema)[0]?.path).toBe(
      'components.*.port',
    );
    expect(describeKeys('routes[0].host', rootSchema)[0]?.path).toBe('components.*.routes.*.host');
    expect(describeKeys('nothing-of-ours', rootSchema)).toEqual([]);
  });
});

test('there is a page for each code of a problem, and no other', () => {
  const codes = new Set<string>();
  for (const path of globSync('src/{problems,readiness,cluster,deploy}/**/*.ts', { cwd: root })) {
    const code = readFileSync(join(root, path), 'utf8');
    for (const [, found] of code.matchAll(/\bcode: '([a-z-]+)'/g)) codes.add(found!);
  }
  expect(Object.keys(pages).sort()).toEqual([...codes].sort());
});

test('the command', async () => {
  const run = (...args: string[]) => paas(['explain', ...args], { cwd: root });
  await expect((await run('components.*.health.http')).stdout).toMatchFileSnapshot(
    join(import.meta.dirname, 'explain-key.txt'),
  );
  await expect((await run('scaling_policy')).stdout).toMatchFileSnapshot(
    join(import.meta.dirname, 'explain-long-example.txt'),
  );
  await expect((await run('unknown-key')).stdout).toMatchFileSnapshot(
    join(import.meta.dirname, 'explain-code.txt'),
  );
  const wrong = await run('helth');
  expect([wrong.code, wrong.stderr]).toEqual([
    7,
    expect.stringContaining('Did you mean paas explain health?'),
  ]);
  const schema = await paas(['schema'], { cwd: root });
  expect(JSON.parse(schema.stdout).title).toBe('paas.yaml');
});
