import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { whenNothingChanges } from '../../src/readiness/judge.ts';
import { isAwaitedObject, objectReadiness } from '../../src/readiness/object.ts';

const nothing = { events: [] };
const read = (object: KubeObject) => objectReadiness(object, nothing);

describe('of the Gateway API, as Istio has written them', () => {
  const path = join(import.meta.dirname, 'recorded', 'gateway-api.json');
  const recorded = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, KubeObject>>;
  const of = (name: string) => read(recorded[name]!);

  test('a route that is taken', () => {
    expect(of('taken')).toMatchObject({ state: 'ready', message: 'ready' });
  });

  test.each([
    [
      'refused',
      'route-refused',
      `The gateway h-rec/good doesn't take httproute/refused: no hostnames matched parent hostname "*.rec.example.com" (NoMatchingListenerHostname).`,
    ],
    [
      'lost',
      'route-refused',
      'httproute/lost leads nowhere: backend(nope.h-rec.svc.cluster.local) not found (BackendNotFound).',
    ],
    [
      'good',
      'object-refused',
      'The listener tls of gateway/good lacks something: invalid certificate reference /Secret/nope., secret h-rec/nope not found (InvalidCertificateRef).',
    ],
  ])('%s: the controller says no, which counts when it stays so', (name, code, message) => {
    const found = of(name);
    expect(found).toMatchObject({ state: 'progressing', cause: { code, class: 'hopeless', message } });
    expect(whenNothingChanges(found, [], 4_000).state).toBe('progressing');
    expect(whenNothingChanges(found, [], 6_000).state).toBe('failed');
  });

  test.each([
    ['nobody', 'route-unnoticed', /^Nobody says that the gateway h-rec\/nope takes httproute\/nobody/],
    ['unclassed', 'object-unnoticed', /has the class nobody a controller\?$/],
  ])('%s: nobody says anything, which keeps no app from being live', (name, code, message) => {
    const found = of(name);
    expect(found).toMatchObject({
      state: 'progressing',
      cause: { code, message: expect.stringMatching(message) },
    });
    expect(whenNothingChanges(found, [], 4_000).state).toBe('progressing');
    expect(whenNothingChanges(found, [], 6_000)).toMatchObject({ state: 'ready', ready: 1, cause: { code } });
  });

  test('what is said of an older one is nothing said', () => {
    const refused = recorded.refused!;
    const newer = { ...refused, metadata: { ...refused.metadata, generation: 2 } };
    expect(read(newer).cause?.code).toBe('route-unnoticed');
  });
});

describe('of any kind, by its conditions', () => {
  const certificate = (status: object | undefined, metadata: object = {}): KubeObject => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'web', generation: 2, ...metadata },
    ...(status && { status }),
  });
  const says = (type: string, status: string, more: object = {}): object => ({ type, status, ...more });

  test.each<[string, object | undefined, string, string | undefined]>([
    ['is ready', { conditions: [says('Ready', 'True')] }, 'ready', undefined],
    ['is not ready', { conditions: [says('Ready', 'False')] }, 'progressing', 'object-not-ready'],
    ['nobody knows', { conditions: [says('Ready', 'Unknown')] }, 'progressing', 'object-not-ready'],
    ['is ready by another word', { conditions: [says('Available', 'True')] }, 'ready', undefined],
    [
      'is ready, and still at it',
      { conditions: [says('Ready', 'True'), says('Reconciling', 'True')] },
      'progressing',
      undefined,
    ],
    [
      'is given up',
      { conditions: [says('Ready', 'False'), says('Stalled', 'True')] },
      'progressing',
      'object-refused',
    ],
    ['is new: kstatus would call it Current', undefined, 'progressing', undefined],
    [
      'was ready before it was changed',
      { observedGeneration: 1, conditions: [says('Ready', 'True')] },
      'progressing',
      undefined,
    ],
    [
      'was ready, by its condition alone',
      { conditions: [says('Ready', 'True', { observedGeneration: 1 })] },
      'progressing',
      undefined,
    ],
    [
      'was given up before it was changed',
      { conditions: [says('Stalled', 'True', { observedGeneration: 1 }), says('Ready', 'True')] },
      'ready',
      undefined,
    ],
    ['says other things', { conditions: [says('Issuing', 'True')] }, 'progressing', undefined],
  ])('%s', (_, status, state, code) => {
    const found = read(certificate(status));
    expect([found.state, found.cause?.code]).toEqual([state, code]);
  });

  test('one of which nobody ever says anything is waited for a moment', () => {
    expect(whenNothingChanges(read(certificate(undefined)), [], 6_000)).toMatchObject({ state: 'ready' });
  });

  test('one that is not ready fails only when nothing has happened for long', () => {
    const found = read(certificate({ conditions: [says('Ready', 'False', { reason: 'Pending' })] }));
    expect(found.cause?.message).toBe("certificate/web isn't ready: Pending.");
    expect(whenNothingChanges(found, [], 299_000).state).toBe('progressing');
    expect(whenNothingChanges(found, [], 301_000).state).toBe('failed');
  });

  test('one that is being deleted', () => {
    const gone = certificate(
      { conditions: [says('Ready', 'True')] },
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
    );
    expect(read(gone).cause?.message).toBe('certificate/web is being deleted.');
  });
});

describe('a Service', () => {
  const service = (type: string, status?: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', uid: 's' },
    spec: { type },
    ...(status && { status }),
  });

  test('is there when it is made, but for an address from outside', () => {
    expect(read(service('ClusterIP')).state).toBe('ready');
    expect(read(service('LoadBalancer')).cause?.code).toBe('no-address');
    expect(
      read(service('LoadBalancer', { loadBalancer: { ingress: [{ hostname: 'a.example.com' }] } })).state,
    ).toBe('ready');
  });

  test('its controller says why it has none', () => {
    const event: KubeObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web.1', uid: 'e' },
      involvedObject: { uid: 's' },
      type: 'Warning',
      reason: 'SyncLoadBalancerFailed',
      message: 'quota of addresses exceeded',
    };
    const { cause } = objectReadiness(service('LoadBalancer'), { events: [event] });
    expect(cause?.message).toBe('service/web has no address from outside yet: quota of addresses exceeded.');
  });
});

test.each<[string, string, boolean]>([
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', true],
  ['cert-manager.io/v1', 'Certificate', true],
  ['v1', 'ConfigMap', false],
  ['v1', 'Service', false],
  ['apps/v1', 'Deployment', false],
  ['networking.k8s.io/v1', 'NetworkPolicy', false],
  ['networking.istio.io/v1', 'VirtualService', false],
  ['monitoring.coreos.com/v1', 'PodMonitor', false],
  ['keda.sh/v1alpha1', 'ScaledObject', false],
])('of %s %s it is waited for: %s', (apiVersion, kind, awaited) => {
  expect(isAwaitedObject({ apiVersion, kind })).toBe(awaited);
});
