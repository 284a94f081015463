import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { fixText } from '../../src/document/fix-text.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

const broken = `# Our shop
app: shop
components:
  web: # the front
    imgae:   registry.example.com/shop:1.4   # pinned
    port: "8080"
    replicas: 3
    healthCheck: {periodSeconds: 5, http: /healthz}
environments:
  staging: {protected: yes}
`;

const repaired = `# Our shop
app: shop
components:
  web: # the front
    image:   registry.example.com/shop:1.4   # pinned
    port: 8080
    instances: 3
    health: {interval: 5, http: /healthz}
environments:
  staging: {protected: true}
`;

describe('--fix', () => {
  test('repairs what is certain, and keeps comments and form', async ({ makeFolder }) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'paas.yaml'), broken);
    const run = await paas(['validate', '--fix'], { cwd });
    expect(readFileSync(join(cwd, 'paas.yaml'), 'utf8')).toBe(repaired);
    expect(run.code).toBe(0);
    expect(run.stderr.match(/^fixed: /gm)).toHaveLength(6);
    expect((await paas(['validate', '--fix'], { cwd })).stderr).toBe('');
  });

  test.for<[string, string, string]>([
    ['a key that is there already', 'web: {image: a, imgae: b}', 'web: {image: a, imgae: b}'],
    [
      'a value that does not fit behind the right key',
      'web: {image: a, environment: [A=1]}',
      'web: {image: a, environment: [A=1]}',
    ],
    [
      'a key of which another of its group is there',
      'web: {image: a, instances: 1, autoscaling: {}}',
      'web: {image: a, instances: 1, autoscaling: {}}',
    ],
    ['an anchor once', 'web: &w {imgae: a}\n  api: {<<: *w}', 'web: &w {image: a}\n  api: {<<: *w}'],
    [
      'an enum',
      'web: {image: a, rollout: {strategy: bluegreen}}',
      'web: {image: a, rollout: {strategy: blue_green}}',
    ],
    ['two keys that mean the same', 'web: {imgae: a, iamge: b}', 'web: {image: a, iamge: b}'],
  ])('%s', ([_, before, after]) => {
    const head = 'app: shop\ncomponents:\n  ';
    const source = { path: 'paas.yaml', text: head + before };
    expect(fixText(source, (one) => checkSource(one, undefined).problems).text).toBe(head + after);
  });

  test('tabs become spaces', () => {
    const source = { path: 'paas.yaml', text: 'app: shop\ncomponents:\n\tweb:\n\t\timage: a\n' };
    const { text } = fixText(source, (one) => checkSource(one, undefined).problems);
    expect(text).toBe('app: shop\ncomponents:\n  web:\n    image: a\n');
  });
});

test('what paas can not do yet is told by validate and render, and never left out silently', async ({
  makeFolder,
}) => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'paas.yaml'), 'app: shop\ncomponents: {web: {package: target/shop.war}}\n');
  for (const command of ['validate', 'render']) {
    const run = await paas([command], { cwd });
    expect([run.code, run.stdout]).toEqual([7, '']);
    expect(run.stderr).toContain(
      "paas can't do this yet: publishing packages (components.web.package). [not-yet]",
    );
  }
});

describe('for machines', () => {
  const wrong = 'app: shop\ncomponents:\n  web: {image: shop, prot: 80}\n';

  test('--json', async ({ makeFolder }) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'paas.yaml'), wrong);
    const run = await paas(['validate', '--json'], { cwd });
    expect([run.code, run.stderr]).toEqual([7, '']);
    expect(JSON.parse(run.stdout).problems).toEqual([
      {
        code: 'unknown-key',
        kind: 'usage',
        message: 'components.web has no key prot.',
        at: { file: 'paas.yaml', line: 3, column: 22, end_line: 3, end_column: 26 },
        hint: 'Did you mean port?',
        fix: { at: { file: 'paas.yaml', line: 3, column: 22, end_line: 3, end_column: 26 }, text: 'port' },
      },
    ]);
  });

  test('--format github', async ({ makeFolder }) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'paas.yaml'), wrong);
    const run = await paas(['validate', '--format', 'github'], { cwd });
    expect(run.stdout).toBe(
      '::error file=paas.yaml,line=3,endLine=3,col=22,title=unknown-key,endColumn=26::components.web has no key prot.%0ADid you mean port?',
    );
    const inActions = await paas(['validate'], { cwd, env: { GITHUB_ACTIONS: 'true' } });
    expect(inActions.stdout).toBe(run.stdout);
  });

  test('--format gitlab', async ({ makeFolder }) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'paas.yaml'), wrong);
    const run = await paas(['validate', '--format', 'gitlab'], { cwd });
    expect(JSON.parse(run.stdout)).toEqual([
      expect.objectContaining({
        check_name: 'unknown-key',
        location: { path: 'paas.yaml', lines: { begin: 3 } },
      }),
    ]);
    writeFileSync(join(cwd, 'paas.yaml'), 'app: shop\ncomponents: {web: {image: shop}}\n');
    expect((await paas(['validate', '--format', 'gitlab'], { cwd })).stdout).toBe('[]');
  });
});
