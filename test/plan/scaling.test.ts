import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { readPlatform } from '../../src/model/platform.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { planToYaml } from '../../src/plan/to-yaml.ts';
import { root } from '../support/paas.ts';

// A folder is a case: a scaling policy, and the autoscaler that it becomes. `-u` writes what is rendered now: read it.
// What KEDA and Kubernetes make of it: test/e2e/scaling.test.ts.

const features = await builtInFeatures(root);
const folder = join(import.meta.dirname, 'scaling');
const platform = 'prometheus: {server: "http://prometheus.monitoring:9090"}';

function planOf(policy: string, component = ''): Plan {
  const indented = policy.replaceAll(/^/gm, '      ');
  const text = `app: shop\ncomponents:\n  web:\n    image: shop\n    resources: {cpu: 250m, memory: 128Mi}\n${component}    scaling_policy:\n${indented}`;
  const source = { path: 'platform.yaml', text: platform };
  const { file } = readPlatform(parseDocument(source).root, source);
  const { apps, problems, notYet } = checkSource({ path: 'paas.yaml', text }, undefined, file);
  expect([...problems, ...notYet]).toEqual([]);
  const { app } = apps[0]!;
  return renderPlan(app, features, { ...assumedInputs(app).inputs, files: {} });
}

const autoscalersOf = ({ phases }: Plan) =>
  phases.filter(({ name }) => name === 'autoscalers').flatMap(({ manifests }) => manifests);

test.each(readdirSync(folder))('%s', async (name) => {
  const manifests = autoscalersOf(planOf(readFileSync(join(folder, name, 'policy.yaml'), 'utf8')));
  expect(manifests).toHaveLength(1);
  const shown = manifests.map(({ kind, metadata, spec }) => ({
    kind,
    because: metadata.annotations?.['paas.internal/chosen-because'],
    spec,
  }));
  await expect(stringify(shown[0], { lineWidth: 0, aliasDuplicateObjects: false })).toMatchFileSnapshot(
    join(folder, name, 'expected.yaml'),
  );
});

describe('around it', () => {
  const policy = 'min_instances: 3\nmax_instances: 9\nmetrics: [{type: cpu, threshold: 80%}]\n';

  test('the plan knows the bounds and begins with the minimum, which the budget for disruptions counts', () => {
    const plan = planOf(policy);
    expect(plan.scale).toEqual([
      {
        component: 'web',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'web',
        replicas: 3,
        autoscaler: { kind: 'HorizontalPodAutoscaler', name: 'web', min: 3, max: 9 },
      },
    ]);
    const kinds = plan.phases.flatMap(({ manifests }) => manifests.map(({ kind }) => kind));
    expect(kinds).toContain('PodDisruptionBudget');
  });

  test('as YAML for kubectl the workload says no number: applied again, it would take instances away', () => {
    expect(planToYaml(planOf(policy))).not.toMatch(/^ *replicas:/m);
  });

  test('what may sleep is seen to run first', () => {
    const schedule = 'schedules: [{start: 0 8 * * *, end: 0 9 * * *, instances: 2}]';
    const [scale] = planOf(`min_instances: 0\nmax_instances: 2\n${schedule}\n`).scale;
    expect([scale?.replicas, scale?.autoscaler?.min]).toEqual([1, 0]);
  });

  test('with volumes of its own it is a StatefulSet that is scaled', () => {
    const [object] = autoscalersOf(planOf(policy, '    volumes: {data: {path: /data, size: 1Gi}}\n'));
    expect(object?.spec).toMatchObject({ scaleTargetRef: { kind: 'StatefulSet', name: 'web' } });
  });
});
