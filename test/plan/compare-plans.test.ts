import { describe, expect, test } from 'vitest';
import { combinePlans } from '../../src/deploy/part-of-release.ts';
import { compareManifests, comparePlans } from '../../src/plan/compare-plans.ts';
import { describeDifference, describeInShort } from '../../src/plan/describe-differences.ts';
import type { Manifest, Plan } from '../../src/plan/plan.ts';

interface Said {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string | { readonly secret: string }>>;
  /** The hash in the name of the ConfigMap, and its content. */
  readonly files?: readonly [hash: string, content: string];
  readonly cpu?: string;
  readonly instances?: number;
  readonly port?: number;
}

const labels = { 'paas.internal/component': 'web' };

const planOf = ({ image = 'shop:1', env = {}, files, cpu = '10m', instances = 1, port = 80 }: Said): Plan => {
  const config = `web-files-${files?.[0]}`;
  const said: NonNullable<Said['env']> = { PORT: String(port), ...env };
  const variables = Object.entries(said).map(([name, value]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: 'value' } } },
  );
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'web',
              image,
              env: variables,
              ports: [{ containerPort: port, protocol: 'TCP' }],
              resources: { requests: { cpu } },
              ...(files && { volumeMounts: [{ name: 'paas-files', mountPath: '/etc/app' }] }),
            },
          ],
          ...(files && {
            volumes: [{ name: 'paas-files', projected: { sources: [{ configMap: { name: config } }] } }],
          }),
        },
      },
    },
  };
  const map: Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: config, labels },
    data: { '0-a.txt': files?.[1] },
  };
  return {
    app: 'shop',
    environment: 'default',
    namespace: 'shop-default',
    protected: false,
    phases: [
      ...(files ? [{ name: 'config' as const, manifests: [map] }] : []),
      { name: 'workloads', manifests: [deployment] },
    ],
    scale: [
      { component: 'web', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', replicas: instances },
    ],
  };
};
const words = (before: Said, after: Said): string[] =>
  comparePlans(planOf(before), planOf(after)).map(describeDifference);

describe('what differs between two plans', () => {
  test('nothing', () => expect(words({ env: { A: '1' } }, { env: { A: '1' } })).toEqual([]));

  test('images, variables by their names, numbers of instances', () => {
    expect(
      words(
        { env: { GONE: 'x', A: '1', KEY: { secret: 'secret-key-v1' } } },
        { image: 'shop:2', env: { A: '2', KEY: { secret: 'secret-key-v2' }, NEW: 'y' }, instances: 3 },
      ),
    ).toEqual([
      'image shop:1 → shop:2',
      'env GONE removed',
      'env A 1 → 2',
      'env KEY secret secret-key-v1 → secret secret-key-v2',
      'env NEW added: y',
      'instances 1 → 3',
    ]);
  });

  test('the order of variables is none', () => {
    expect(words({ env: { A: '1', B: '2' } }, { env: { B: '2', A: '1' } })).toEqual([]);
  });

  test('a file by its name; that its object is called otherwise is no difference', () => {
    expect(words({ files: ['aaaaaaaa', 'one'] }, { files: ['bbbbbbbb', 'two'] })).toEqual([
      'file a.txt one → two',
    ]);
    expect(words({ files: ['aaaaaaaa', 'one\n'] }, { files: ['bbbbbbbb', 'two\n'] })).toEqual([
      'file a.txt changed',
    ]);
  });

  test('where in an object, by merge keys', () => {
    const [first, ...more] = comparePlans(planOf({}), planOf({ cpu: '20m' }));
    expect(more).toEqual([]);
    expect(first).toEqual({
      object: 'deployment/web',
      component: 'web',
      action: 'update',
      field: 'spec.template.spec.containers[web].resources.requests.cpu',
      words: 'resources.requests.cpu',
      from: '10m',
      to: '20m',
    });
  });

  test('values of Secrets are never there', () => {
    const secret = (password: string): Manifest => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db' },
      stringData: { password },
    });
    const found = compareManifests([secret('geheim 1')], [secret('geheim 2')]);
    expect(found.map(describeDifference)).toEqual(['stringData.password changed']);
    expect(JSON.stringify(found)).not.toContain('geheim');
  });

  test('in one line: what came and went, then by component, images first', () => {
    const differences = comparePlans(
      planOf({}),
      planOf({ image: 'registry.example.com/team/shop:2', env: { A: '1' }, instances: 2, cpu: '20m' }),
    );
    expect(describeInShort(differences)).toBe(
      'web image shop:1 → shop:2, instances 1 → 2, env A added: 1 and 1 more',
    );
    expect(describeInShort(comparePlans(undefined, planOf({})))).toBe('web created');
    expect(describeInShort([])).toBe('the same once more');
  });
});

describe('a release brought back in part', () => {
  const old: Said = { image: 'shop:1', env: { A: '1' }, files: ['aaaaaaaa', 'one'], cpu: '10m', port: 80 };
  const live: Said = {
    image: 'shop:2',
    env: { A: '2', B: '2' },
    files: ['bbbbbbbb', 'two'],
    cpu: '20m',
    port: 90,
  };
  const rest = (part: 'image' | 'config', from: Said = old): string[] =>
    comparePlans(planOf(live), combinePlans(planOf(live), planOf(from), part)).map(describeDifference);

  test('image: nothing but the image', () => expect(rest('image')).toEqual(['image shop:2 → shop:1']));

  test('config: variables and files; PORT follows the port', () => {
    expect(rest('config').sort()).toEqual(['env A 2 → 1', 'env B removed', 'file a.txt two → one']);
  });

  test('config: files that came or went', () => {
    const { files: _, ...without } = old;
    const combined = combinePlans(planOf(live), planOf(without), 'config');
    expect(JSON.stringify(combined)).not.toContain('web-files');
    const { files: __, ...liveWithout } = live;
    const back = combinePlans(planOf(liveWithout), planOf(old), 'config');
    expect(back.phases.map(({ name }) => name)).toEqual(['config', 'workloads']);
    expect(JSON.stringify(back)).toContain('web-files-aaaaaaaa');
  });
});
