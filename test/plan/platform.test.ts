import { describe, expect, test } from 'vitest';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { parseDocument } from '../../src/document/parse.ts';
import type { GuardRails } from '../../src/model/platform.ts';
import { readPlatform } from '../../src/model/platform.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import { checkGuardRails } from '../../src/plan/guard-rails.ts';
import { comesFrom, readImageReference } from '../../src/plan/image-reference.ts';
import type { Manifest, Plan } from '../../src/plan/plan.ts';
import { podSpecOf } from '../../src/plan/pod-spec.ts';
import { withPullSecrets } from '../../src/plan/pull-secrets.ts';
import { readQuantity } from '../../src/plan/quantity.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { root } from '../support/paas.ts';

// What a platform file makes of a plan. What it doesn't allow of an app's file: test/problems/rail-*.

const features = await builtInFeatures(root);

function planOf(app: string, platform: string): Plan {
  const source = { path: 'platform.yaml', text: platform };
  const { file } = readPlatform(parseDocument(source).root, source);
  const { apps, problems } = checkSource({ path: 'paas.yaml', text: app }, undefined, file);
  expect(problems).toEqual([]);
  const [{ app: built }] = apps as [(typeof apps)[number]];
  const inputs = { ...assumedInputs(built).inputs, files: {} };
  return withPullSecrets(renderPlan(built, features, inputs), file!.platform.registries);
}

const manifestsOf = (plan: Plan): readonly Manifest[] => plan.phases.flatMap(({ manifests }) => manifests);
const web = 'app: shop\ncomponents: {web: {image: registry.example.com/team/shop:1, port: 8080}}\n';

describe('namespaces', () => {
  test.each([
    ['', 'shop-default', 'web'],
    ['pattern: "team-{app}-{environment}"', 'team-shop-default', 'web'],
    ['pattern: "{environment}", shared: true', 'default', 'shop-web'],
    ['shared: true', 'shop-default', 'shop-web'],
  ])('{%s}: %s, %s', (said, namespace, name) => {
    const plan = planOf(web, `namespaces: {${said}}\n`);
    expect(plan.namespace).toBe(namespace);
    expect(plan.scale.map((scale) => scale.name)).toEqual([name]);
    for (const { metadata } of manifestsOf(plan)) {
      expect([metadata.namespace, metadata.name]).toEqual([namespace, name]);
    }
  });

  test('what the app says wins over the pattern', () => {
    const app = `${web}environments: {live: {namespace: shop-live}}\n`;
    expect(planOf(app, 'namespaces: {pattern: "team-{app}"}\n').namespace).toBe('shop-live');
  });
});

describe('pull secrets', () => {
  const secretsOf = (registries: string): unknown =>
    manifestsOf(planOf(web, `registries: ${registries}\n`))
      .map(podSpecOf)
      .find((spec) => spec)?.imagePullSecrets;

  test.each([
    ['of its registry', '{registry.example.com: {pull_secret: pull}}', [{ name: 'pull' }]],
    ['of a path in it', '{registry.example.com/team: {pull_secret: pull}}', [{ name: 'pull' }]],
    [
      'a copy of one of another namespace',
      '{registry.example.com: {pull_secret: platform/pull}}',
      [{ name: 'paas.shop.default.pull.platform.pull' }],
    ],
    ['not of another path', '{registry.example.com/tea: {pull_secret: pull}}', undefined],
    ['not of another registry', '{example.com: {pull_secret: pull}}', undefined],
    ['not where none is said', '{registry.example.com: {}}', undefined],
    [
      'both where both fit, each once',
      '{registry.example.com: {pull_secret: a}, registry.example.com/team: {pull_secret: b}, registry.example.com/team/shop: {pull_secret: a}}',
      [{ name: 'a' }, { name: 'b' }],
    ],
  ])('%s', (_, registries, expected) => expect(secretsOf(registries)).toEqual(expected));
});

const workload = (kind: string, spec: object): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web', labels: { 'paas.internal/component': 'web' } },
  spec,
});
const safe = { securityContext: { runAsNonRoot: true } };
const container = (more: object = {}) => ({ name: 'web', image: 'shop:1', ...more });

describe('guard rails on what is rendered, whatever it came from', () => {
  const none: GuardRails = { no_latest: false, run_as_root: true };
  const cases: readonly [string, Partial<GuardRails>, Manifest, string[]][] = [
    [
      'an image of a timed job',
      { no_latest: true },
      workload('CronJob', {
        jobTemplate: { spec: { template: { spec: { containers: [container({ image: 'shop' })] } } } },
      }),
      ['image-without-version'],
    ],
    [
      'an image that runs first',
      { allowed_registries: ['registry.example.com'] },
      workload('Job', { template: { spec: { initContainers: [container()], containers: [] } } }),
      ['registry-not-allowed'],
    ],
    [
      'an image that is still to be built',
      { allowed_registries: ['registry.example.com'], no_latest: true },
      workload('Deployment', { template: { spec: { containers: [container({ image: '' })] } } }),
      [],
    ],
    [
      'all containers of an instance together',
      { max_memory: '1Gi' },
      workload('Deployment', {
        template: {
          spec: {
            containers: [
              container({ resources: { limits: { memory: '600Mi' } } }),
              container({ resources: { requests: { memory: '0.5Gi' } } }),
            ],
          },
        },
      }),
      ['instance-too-large'],
    ],
    [
      'exactly as much as is allowed',
      { max_memory: '1Gi', max_cpu: '500m' },
      workload('StatefulSet', {
        template: {
          spec: { containers: [container({ resources: { limits: { memory: '1024Mi', cpu: '0.5' } } })] },
        },
      }),
      [],
    ],
    [
      'an autoscaler',
      { max_instances: 5 },
      workload('HorizontalPodAutoscaler', { maxReplicas: 6 }),
      ['too-many-instances'],
    ],
    [
      'an autoscaler of KEDA',
      { max_instances: 5 },
      workload('ScaledObject', { maxReplicaCount: 6 }),
      ['too-many-instances'],
    ],
    [
      'a container that takes root back',
      { run_as_root: false },
      workload('Deployment', {
        template: {
          spec: { ...safe, containers: [container({ securityContext: { runAsNonRoot: false } })] },
        },
      }),
      ['root-not-allowed'],
    ],
    [
      'the user 0',
      { run_as_root: false },
      workload('Deployment', {
        template: {
          spec: { securityContext: { runAsNonRoot: true, runAsUser: 0 }, containers: [container()] },
        },
      }),
      ['root-not-allowed'],
    ],
    [
      'a safe pod',
      { run_as_root: false },
      workload('Deployment', { template: { spec: { ...safe, containers: [container()] } } }),
      [],
    ],
    ['a label', { required_labels: ['team'] }, workload('ConfigMap', {}), ['label-missing']],
  ];
  test.each(cases)('%s', (_, rails, manifest, expected) => {
    const plan: Plan = {
      app: 'shop',
      environment: 'live',
      namespace: 'shop-live',
      protected: false,
      phases: [{ name: 'workloads', manifests: [manifest] }],
      scale: [],
    };
    const places = { ofComponent: () => undefined, ofRule: () => undefined };
    expect(checkGuardRails(plan, { ...none, ...rails }, places).map(({ code }) => code)).toEqual(expected);
  });
});

test.each([
  ['nginx', 'docker.io', 'library/nginx', undefined, false],
  ['team/nginx:1', 'docker.io', 'team/nginx', '1', false],
  ['index.docker.io/nginx:1', 'docker.io', 'library/nginx', '1', false],
  ['localhost/nginx', 'localhost', 'nginx', undefined, false],
  ['localhost:5000/nginx:1', 'localhost:5000', 'nginx', '1', false],
  ['registry.example.com/a/b:1@sha256:00', 'registry.example.com', 'a/b', '1', true],
])('the image %s', (text, registry, path, tag, pinned) => {
  const image = readImageReference(text);
  expect([image.registry, image.path, image.tag, image.digest !== undefined]).toEqual([
    registry,
    path,
    tag,
    pinned,
  ]);
  expect([comesFrom(image, registry), comesFrom(image, `${registry}x`)]).toEqual([true, false]);
});

test.each([
  ['500m', 0.5],
  ['2', 2],
  ['0.1', 0.1],
  ['1Gi', 2 ** 30],
  ['1.5G', 1.5e9],
  ['1e3', 1000],
  ['1E', 1e18],
  ['much', Number.NaN],
])('the quantity %s', (text, expected) => expect(readQuantity(text)).toBe(expected));
