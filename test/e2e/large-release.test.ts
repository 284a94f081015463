import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { connect } from '../../src/cluster/connect.ts';
import type { Manifest, Plan } from '../../src/plan/plan.ts';
import { PaasError } from '../../src/problems/problem.ts';
import { deleteRecord } from '../../src/releases/record.ts';
import { createRelease, listRecords, readRelease } from '../../src/releases/store.ts';
import { context, kubectl, kubectlJson } from '../support/cluster.ts';
import { test } from '../support/namespace.ts';

const components = 1000;

/** Objects as they are rendered, with files whose contents can't be compressed: several parts in any case. */
function planOf(namespace: string): Plan {
  const manifests = Array.from({ length: components }, (_, index): Manifest[] => {
    const name = `component-${index}`;
    const labels = { 'paas.internal/component': name, 'paas.internal/app': 'large' };
    return [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `${name}-files`, namespace, labels },
        data: { '0-config': randomBytes(1200).toString('base64') },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels },
        spec: { template: { spec: { containers: [{ name, image: `registry.example.com/${name}:1.4` }] } } },
      },
    ];
  }).flat();
  const phases: Plan['phases'] = [{ name: 'workloads', manifests }];
  return { app: 'large', environment: 'default', namespace, protected: false, phases, scale: [] };
}

test('a release of 1,000 components stands in several parts, and comes back as it was', async ({
  namespace,
}) => {
  const cluster = connect({
    context,
    cluster: undefined,
    kubeconfig: process.env.KUBECONFIG,
    inPod: false,
  });
  const owner = { app: 'large', environment: 'default', namespace };
  const plan = planOf(namespace);
  const summary = {
    number: 1,
    at: new Date().toISOString(),
    by: 'a@b',
    tool: '0',
    outcome: 'succeeded',
    plan: 'x',
  } as const;
  await createRelease(cluster, owner, summary, plan);
  const parts = async (): Promise<string[]> => {
    const { items } = await kubectlJson<{ items: { metadata: { name: string } }[] }>(
      'get',
      'secrets',
      '-n',
      namespace,
    );
    return items.map(({ metadata }) => metadata.name);
  };
  expect((await parts()).length).toBeGreaterThan(1);
  expect((await readRelease(cluster, owner, 1))?.plan).toEqual(plan);
  const { releases } = await listRecords(cluster, owner);
  expect(releases.map(({ summary: { number } }) => number)).toEqual([1]);

  await kubectl('delete', 'secret', 'paas.large.default.r1.1', '-n', namespace);
  const broken = await readRelease(cluster, owner, 1).catch((error: unknown) => error);
  expect(broken instanceof PaasError && broken.problems[0]?.code).toBe('record-broken');
  await deleteRecord(cluster, releases[0]!.head);
  expect(await parts()).toEqual([]);
});
