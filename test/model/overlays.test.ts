import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { describeApps } from '../support/apps.ts';

// A folder is a case: paas.yaml (and platform.yaml), and the apps that come out of the model, one for each
// environment.

const home = join(import.meta.dirname, 'overlays');
const folders = readdirSync(home);

describe('overlays and normal forms', () => {
  test('there are many cases', () => expect(folders.length).toBeGreaterThanOrEqual(40));

  test.each(folders)('%s', async (name) => {
    const { text, problems } = describeApps(join(home, name), 'paas.yaml', 'platform.yaml');
    expect(problems).toEqual([]);
    await expect(text).toMatchFileSnapshot(join(home, name, 'expected.yaml'));
  });
});

test("the brief's scaling policy comes out as it is written", () => {
  const text = [
    'app: shop',
    'components:',
    '  web:',
    '    image: shop',
    '    scaling_policy:',
    '      min_instances: 2',
    '      max_instances: 10',
    '      metrics:',
    '        - {type: cpu, threshold: 80%, duration: 5min}',
    '        - {type: request_per_second, threshold: 1000}',
    '      cooldown: 3min',
  ].join('\n');
  const { apps, problems } = checkSource({ path: 'paas.yaml', text }, undefined);
  expect(problems).toEqual([]);
  const { min, max, metrics, cooldown } = apps[0]!.app.components[0]!.scaling!;
  expect({ min, max, cooldown }).toEqual({ min: 2, max: 10, cooldown: 180 });
  expect(metrics).toEqual([
    { type: 'cpu', threshold: 80, unit: 'percent', duration: 300 },
    { type: 'request_per_second', threshold: 1000, unit: 'count', duration: 10 },
  ]);
});
