import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { autoscalerState } from '../../src/readiness/autoscaler.ts';

// Conditions as the test cluster's Kubernetes and KEDA wrote them.

const condition = (type: string, status: string, message = '', reason = ''): object => ({
  type,
  status,
  reason,
  message,
});
const hpa = (conditions: object[], more: object = {}, name = 'web'): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, ...more },
  spec: { minReplicas: 2, maxReplicas: 9 },
  status: { conditions },
});
const made = { ownerReferences: [{ kind: 'ScaledObject', name: 'web', uid: 'u', controller: true }] };
const scaledObject = (...conditions: object[]): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'web' },
  spec: { minReplicaCount: 0, maxReplicaCount: 5 },
  status: { conditions },
});
const stateOf = (kind: string, ...objects: KubeObject[]) =>
  autoscalerState({ kind, name: 'web', min: 1, max: 3 }, objects);

const fine = [condition('AbleToScale', 'True'), condition('ScalingActive', 'True')];
const blind = condition('ScalingActive', 'False', 'no metrics known', 'FailedGetContainerResourceMetric');
const resting = condition('ScalingActive', 'False', 'replica count is zero', 'ScalingDisabled');

describe("Kubernetes' own", () => {
  test.each([
    ['is well', [hpa(fine)], undefined],
    ['is new: nothing is known yet', [hpa([])], undefined],
    ['at its maximum', [hpa([...fine, condition('ScalingLimited', 'True', 'too many')])], undefined],
    ["can't measure", [hpa([blind])], 'scaling-unmeasured'],
    ["can't scale", [hpa([condition('AbleToScale', 'False', 'not found')])], 'scaling-broken'],
    ['rests at 0, from which nothing wakes it', [hpa([resting])], 'scaling-broken'],
    ['is not there', [], 'scaling-absent'],
    ['is not there, another is', [hpa([], {}, 'other')], 'scaling-absent'],
  ])('%s', (_, objects, code) => {
    expect(stateOf('HorizontalPodAutoscaler', ...objects).cause?.code).toBe(code);
  });

  test('its bounds are those in the cluster; where it is not there, those of the plan', () => {
    expect(stateOf('HorizontalPodAutoscaler', hpa(fine))).toMatchObject({ min: 2, max: 9 });
    expect(stateOf('HorizontalPodAutoscaler')).toMatchObject({ min: 1, max: 3 });
  });
});

describe("KEDA's", () => {
  const ready = condition('Ready', 'True', 'ScaledObject is defined correctly and is ready for scaling');
  test.each([
    ['is well', [scaledObject(ready), hpa(fine, made, 'keda-hpa-web')], undefined],
    ['is not ready', [scaledObject(condition('Ready', 'False', 'bad trigger'))], 'scaling-broken'],
    ['is paused', [scaledObject(ready, condition('Paused', 'True'))], 'scaling-paused'],
    [
      'falls back',
      [scaledObject(ready, condition('Fallback', 'True', 'at least one trigger'))],
      'scaling-unmeasured',
    ],
    [
      "what it made can't measure",
      [scaledObject(ready), hpa([blind], made, 'keda-hpa-web')],
      'scaling-unmeasured',
    ],
    ['sleeps', [scaledObject(ready), hpa([resting], made, 'keda-hpa-web')], undefined],
    ['is not there', [hpa(fine)], 'scaling-absent'],
  ])('%s', (_, objects, code) => {
    expect(stateOf('ScaledObject', ...objects).cause?.code).toBe(code);
  });

  test('what it got no answer for is named', () => {
    const object = scaledObject(ready, condition('Fallback', 'True', 'at least one trigger'));
    const serverAddress = 'http://prometheus:9090';
    const triggers = ['cpu', 'schedule', 'memory'].map((name) => ({
      name,
      type: 'x',
      ...(name !== 'schedule' && { metadata: { serverAddress } }),
    }));
    const health = { 's0-prometheus': { status: 'Happy' }, 's2-prometheus': { status: 'Failing' } };
    const state = stateOf('ScaledObject', {
      ...object,
      spec: { triggers },
      status: { ...object.status, health },
    });
    expect(state.cause?.message).toBe('No answer for memory from http://prometheus:9090.');
  });
});
