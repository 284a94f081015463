import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeKeys, knownKeys } from '../../src/model/describe-key.ts';
import { platformSchema } from '../../src/model/platform-schema.ts';
import { rootSchema } from '../../src/model/schema.ts';
import { checkFile } from '../../src/pipeline/check-file.ts';
import { describeApps } from '../support/apps.ts';
import { root } from '../support/paas.ts';

// The examples are golden cases of the model. Of their manifests: test/plan; deployed: test/e2e.

const examples = [
  ['hello', 'paas.yaml', []],
  ['shop', 'paas.yaml', []],
  ['reference', 'paas.yaml', []],
  ['reference', 'not-yet.yaml', undefined],
] as const;

describe('the examples', () => {
  test.each(examples)('%s/%s', async (name, file, later) => {
    const { text, problems, notYet } = describeApps(join(root, 'examples', name), file);
    expect(problems).toEqual([]);
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'examples', `${name}-${file}`));
    const features = notYet.map(({ message }) => /yet: (.*) \(/.exec(message)?.[1]);
    if (later) expect([...new Set(features)].sort()).toEqual(later);
    else expect(features.length).toBeGreaterThan(5);
  });
});

test('the reference says every key: those that can be used in one file, the others beside it', () => {
  const files = ['paas.yaml', 'not-yet.yaml'].map((file) =>
    keysOf(parse(readFileSync(join(root, 'examples/reference', file), 'utf8'), { merge: true })),
  );
  const said = new Set(files.flat());
  const missing = knownKeys(rootSchema)
    .filter((path) => path.includes('.') && !path.endsWith('*'))
    // The forms of a probe are the same in each; one place says them.
    .filter((path) => !/health\.(startup|liveness|readiness)\./.test(path))
    .filter((path) => describeKeys(path, rootSchema)[0]?.path === path)
    .filter((path) => ![...said].some((one) => fits(one, path.split('.'))));
  expect(missing).toEqual([
    'components.*.traffic.load_balancing.policy',
    'components.*.traffic.load_balancing.consistent_hash.header',
    'components.*.traffic.load_balancing.consistent_hash.source',
    'services.*.resources.disk',
    'services.*.resources.bandwidth',
  ]);
});

test('the reference of the platform file says every key, and the reference app holds under it', async () => {
  const cwd = join(root, 'examples/reference');
  const said = new Set(keysOf(parse(readFileSync(join(cwd, 'platform.yaml'), 'utf8'))));
  const missing = knownKeys(platformSchema)
    .filter((path) => describeKeys(path, platformSchema)[0]?.path === path && !path.endsWith('*'))
    .filter((path) => ![...said].some((one) => fits(one, path.split('.'))));
  // The certificates of such a gateway are the platform's, and the reference app brings one.
  expect(missing).toEqual([
    'routing.gateway',
    'routing.listeners',
    'routing.listeners.http',
    'routing.listeners.https',
  ]);
  const asked = { file: 'paas.yaml', env: undefined, cwd, platform: 'platform.yaml' };
  expect((await checkFile(asked, root)).problems).toEqual([]);
});

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const at = path === '' ? key : `${path}\0${key}`;
    return [at, ...keysOf(one, at)];
  });
}

function fits(said: string, path: readonly string[]): boolean {
  const steps = said.split('\0');
  return steps.length === path.length && path.every((step, index) => step === '*' || step === steps[index]);
}
