import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

// The platform file on the command line. What it means: test/plan/platform.test.ts, test/model/overlays/platform-*.

const platform = `namespaces: {pattern: "team-{app}"}
unit: {cpu: 2}
guard_rails: {max_cpu: 4}
base_images: {node: registry.example.com/base/node:22}
`;
const app = (units: number): string => `app: shop\ncomponents: {web: {image: "shop:1", units: ${units}}}\n`;

function write(folder: string, units: number, text = platform): void {
  writeFileSync(join(folder, 'paas.yaml'), app(units));
  writeFileSync(join(folder, 'platform.yaml'), text);
}

describe.each([
  ['--platform', ['--platform', 'platform.yaml'], {}],
  ['PAAS_PLATFORM', [], { PAAS_PLATFORM: 'platform.yaml' }],
])('%s', (_, args, env) => {
  test('render is made by it', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, 2);
    const run = await paas(['render', ...args], { cwd, env });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('namespace: team-shop\n');
    expect(run.stdout).toContain('cpu: "4"');
  });

  test('validate and render tell what it does not allow', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, 3);
    for (const command of ['validate', 'render']) {
      const run = await paas([command, ...args], { cwd, env });
      expect([run.code, run.stdout]).toEqual([7, '']);
      expect(run.stderr).toContain('An instance of web takes 6 CPU cores; the platform allows 4.');
      expect(run.stderr).toMatch(/--> paas\.yaml:2:\d+[\s\S]*--> platform\.yaml:3:15/);
    }
  });

  test('one that is broken is told of, whatever the app is', async ({ makeFolder }) => {
    const cwd = makeFolder();
    write(cwd, 3, 'guard_rials: {}\n');
    for (const command of ['validate', 'render', 'status', 'logs', 'delete', 'deploy']) {
      const run = await paas([command, ...args], { cwd, env });
      expect([run.code, run.stderr]).toEqual([7, expect.stringContaining('--> platform.yaml:1:1')]);
    }
  });
});

test('one that is not there', async ({ makeFolder }) => {
  const cwd = makeFolder();
  write(cwd, 1);
  const run = await paas(['validate', '--platform', 'none.yaml'], { cwd });
  expect([run.code, run.stderr]).toEqual([7, expect.stringContaining('There is no none.yaml.')]);
});

test('without one nothing of it holds', async ({ makeFolder }) => {
  const cwd = makeFolder();
  write(cwd, 3);
  expect((await paas(['validate'], { cwd })).code).toBe(0);
});

test('validate platform checks the file itself', async ({ makeFolder }) => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'platform.yaml'), platform);
  const run = await paas(['validate', 'platform'], { cwd });
  expect([run.code, run.stdout]).toEqual([0, 'platform.yaml is valid.']);
  writeFileSync(join(cwd, 'platform.yaml'), 'unit: {cpu: 500}\n');
  const broken = await paas(['validate', 'platform', '--json'], { cwd });
  expect(broken.code).toBe(7);
  expect(JSON.parse(broken.stdout)).toMatchObject({ problems: [{ code: 'wrong-value' }], not_yet: [] });
});

describe('explain', () => {
  test.for<[string, RegExp]>([
    ['platform', /^platform\.clusters$[\s\S]*^platform\.guard_rails$/m],
    ['platform.unit.cpu', /^platform\.unit\.cpu$[\s\S]*default +1$/m],
    ['guard_rails', /^platform\.guard_rails$[\s\S]*max_instances/m],
    ['platform.clusters.north.server', /^platform\.clusters\.\*\.server$/m],
    ['platform.base_images', /^platform\.base_images$/m],
    // Of both files it is the app's.
    ['instances', /^components\.\*\.instances$/m],
  ])('%s', async ([topic, expected], { makeFolder }) => {
    const run = await paas(['explain', topic], { cwd: makeFolder() });
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(expected)]);
  });

  test('a misspelt key', async ({ makeFolder }) => {
    const run = await paas(['explain', 'platform.guard_rials'], { cwd: makeFolder() });
    expect([run.code, run.stderr]).toEqual([7, expect.stringContaining('platform.guard_rails')]);
  });
});
