import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { eventsAbout } from '../../src/readiness/facts.ts';
import { type Awaited, type Facts, instancesOf, workloadReadiness } from '../../src/readiness/workload.ts';

const revision = { 'deployment.kubernetes.io/revision': '1' };
const made = (uid: string) => ({ apiVersion: 'v1', kind: 'Any', name: 'any', uid });

/** An app of so many components, each with an instance that isn't ready. */
function appOf(count: number): { awaited: Awaited[]; facts: Facts } {
  const each = <T>(one: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => one(n));
  return {
    awaited: each((n) => ({ component: `c${n}`, kind: 'Deployment', name: `c${n}`, replicas: 1 })),
    facts: {
      workloads: each(
        (n): KubeObject => ({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: `c${n}`, uid: `d${n}`, generation: 1, annotations: revision },
          spec: { replicas: 1 },
          status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
        }),
      ),
      replicaSets: each(
        (n): KubeObject => ({
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: {
            name: `c${n}-1`,
            uid: `r${n}`,
            annotations: revision,
            ownerReferences: [made(`d${n}`)],
          },
        }),
      ),
      pods: each(
        (n): KubeObject => ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `c${n}-1-a`, uid: `p${n}`, ownerReferences: [made(`r${n}`)] },
          status: { phase: 'Pending' },
        }),
      ),
      events: each(
        (n): KubeObject => ({
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: `e${n}`, uid: `e${n}` },
          involvedObject: { kind: 'Pod', uid: `p${n}` },
          reason: 'Pulling',
        }),
      ),
    },
  };
}

test('each component has its own instances, and these their own events', () => {
  const { awaited, facts } = appOf(3);
  for (const [n, one] of awaited.entries()) {
    const pods = instancesOf(one, facts);
    expect(pods.map(({ metadata }) => metadata.uid)).toEqual([`p${n}`]);
    expect(eventsAbout(pods[0]!, facts).map(({ metadata }) => metadata.uid)).toEqual([`e${n}`]);
  }
});

test('of what is not there nothing is found', () => {
  const { facts } = appOf(1);
  const other = { component: 'x', kind: 'StatefulSet', name: 'c0', replicas: 1 };
  expect(instancesOf(other, facts)).toEqual([]);
  expect(eventsAbout({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'new' } }, facts)).toEqual([]);
});

test('to judge one component, not every object is looked at', () => {
  const looksOf = (count: number): number => {
    const { awaited, facts } = appOf(count);
    let looks = 0;
    const counted = ({ metadata, ...rest }: KubeObject): KubeObject => ({
      ...rest,
      get metadata() {
        looks++;
        return metadata;
      },
    });
    const all = {
      workloads: facts.workloads.map(counted),
      replicaSets: facts.replicaSets.map(counted),
      pods: facts.pods.map(counted),
      events: facts.events.map(counted),
    };
    for (const one of awaited) workloadReadiness(one, all, 0);
    return looks / count;
  };
  expect(looksOf(1000)).toBe(looksOf(10));
});
