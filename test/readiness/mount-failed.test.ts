import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { mountFailed } from '../../src/readiness/mount-failed.ts';

// What the kubelet says of a volume, and whose it is.

const mounts = (name: string, ...volumes: string[]) => ({
  name,
  volumeMounts: volumes.map((one) => ({ name: one, mountPath: `/${one}` })),
});
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0' },
  spec: {
    initContainers: [mounts('prepare', 'seed')],
    containers: [mounts('web', 'data', 'shared'), mounts('helper', 'config', 'shared')],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } },
      ...['seed', 'config', 'shared'].map((name) => ({ name })),
    ],
  },
};
const claim: KubeObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data-web-0' },
  spec: { volumeName: 'pvc-1234' },
};

test.each([
  ['MountVolume.SetUp failed for volume "config" : configmap "nope" not found', 'bad-config', 'helper'],
  ['MountVolume.SetUp failed for volume "seed" : secret "nope" not found', 'bad-config', 'prepare'],
  [
    'MountVolume.SetUp failed for volume "config" : references non-existent config key: a.yml',
    'bad-config',
    'helper',
  ],
  ['MountVolume.SetUp failed for volume "shared" : configmap "nope" not found', 'bad-config', undefined],
  ['MountVolume.MountDevice failed for volume "pvc-1234" : exit status 32', 'volume-not-mounted', 'web'],
  [
    'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[]: timed out',
    'volume-not-mounted',
    'web',
  ],
  ['Something that nobody knows', 'volume-not-mounted', undefined],
])('%s', (words, code, container) => {
  const cause = mountFailed(words, pod, { claims: [claim] });
  expect([cause.code, cause.container, cause.pod]).toEqual([code, container, 'web-0']);
});
