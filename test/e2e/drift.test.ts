import { describe, expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

const hello = (more = ''): string => `
components:
  web:
    image: ${image('hello:1.0')}
    port: 8080
    instances: 1
    resources: ${small}
    env: {GREETING: file}
${more}`;

interface Deployment {
  readonly metadata: {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly annotations?: Record<string, string> };
      readonly spec: { readonly containers: { readonly env: { name: string; value?: string }[] }[] };
    };
  };
}

describe.concurrent('what people change by hand', () => {
  test('what they added is taken out again; a restart and their number of instances stay', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    expect((await app.paas(['deploy'])).code).toBe(0);
    const by = (...args: string[]) => kubectl('-n', app.namespace, ...args);
    await by('set', 'env', 'deployment/web', 'ADDED=1', 'GREETING=hand');
    await by('label', 'deployment/web', 'team=x');
    await by('annotate', 'deployment/web', 'note=hi');
    await by('rollout', 'restart', 'deployment/web');
    await by('scale', 'deployment/web', '--replicas=2');

    const run = await app.paas(['deploy']);
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('~ deployment/web')]);
    const { metadata, spec } = await kubectlJson<Deployment>('-n', app.namespace, 'get', 'deployment/web');
    expect(spec.template.spec.containers[0]!.env).toEqual([
      { name: 'PORT', value: '8080' },
      { name: 'GREETING', value: 'file' },
    ]);
    expect(metadata.labels.team).toBeUndefined();
    expect(metadata.annotations.note).toBeUndefined();
    expect(Object.keys(spec.template.metadata.annotations ?? {})).toEqual([
      'kubectl.kubernetes.io/restartedAt',
    ]);
    expect(spec.replicas).toBe(2);
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
  });
});
