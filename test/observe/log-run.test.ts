import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { containerOf, runOf } from '../../src/observe/log-run.ts';
import { labelKeys } from '../../src/plan/names.ts';

const running = { running: {} };
const terminated = { terminated: { exitCode: 3 } };
const waiting = { waiting: { reason: 'CrashLoopBackOff' } };

const podOf = (
  containers: string[],
  containerStatuses: object[] = [],
  annotations: Record<string, string> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', labels: { [labelKeys.component]: 'web' }, annotations },
  spec: { containers: containers.map((name) => ({ name })) },
  status: { containerStatuses },
});

test("the component's own container is found, whatever stands before it", () => {
  const annotations = { 'kubectl.kubernetes.io/default-container': 'main' };
  expect(containerOf(podOf(['proxy', 'web'], [], annotations))).toBe('web');
  expect(containerOf(podOf(['proxy', 'main'], [], annotations))).toBe('main');
  expect(containerOf(podOf(['one', 'two'], [], annotations))).toBe('one');
});

test('its runs are counted, not those of another container', () => {
  const proxy = { name: 'proxy', restartCount: 7, state: running, lastState: terminated };
  const run = (status: object): unknown =>
    runOf(podOf(['proxy', 'web'], [proxy, { name: 'web', restartCount: 2, ...status }]));
  expect(run({ state: running })).toEqual({ number: 2, ended: false, hasPrevious: false });
  expect(run({ state: running, lastState: terminated })).toEqual({
    number: 2,
    ended: false,
    hasPrevious: true,
  });
  expect(run({ state: terminated, lastState: terminated })).toMatchObject({ number: 2, ended: true });
  // Between two runs: the last one.
  expect(run({ state: waiting, lastState: terminated })).toMatchObject({ number: 2, ended: true });
  expect(run({ state: waiting })).toMatchObject({ number: -1 });
  expect(runOf(podOf(['web']))).toMatchObject({ number: -1 });
});
