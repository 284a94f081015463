import { describe, expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';

// What a component is on Kubernetes may change with its file: from one kind to another, back, and within a kind where
// Kubernetes has unions. Each way either works, or is refused before anything is touched, with a way to do it.

const hello = `image: ${image('hello:1.0')}, resources: ${small}`;
const volume = 'volumes: {data: {path: /data, size: 16Mi}}';

/** What a component says in turn, and what then is there of the kinds that it may be. */
const ways: Readonly<Record<string, readonly (readonly [says: string, kinds: string])[]>> = {
  kind: [
    ['port: 8080', 'Deployment Service'],
    [`port: 8080, ${volume}`, 'Service Service StatefulSet'],
    ['command: [work], schedule: "0 3 * * *"', 'CronJob'],
    ['port: 8080', 'Deployment Service'],
    ['command: [work], schedule: "0 3 * * *"', 'CronJob'],
    [`port: 8080, ${volume}`, 'Service Service StatefulSet'],
    ['port: 8080', 'Deployment Service'],
  ],
  job: [
    ['command: [work], run: before_deploy', 'Job'],
    ['command: [work], run: once', 'Job'],
    ['port: 8080', 'Deployment Service'],
    ['command: [work], run: on_demand', 'CronJob'],
    ['command: [work], run: before_deploy', 'Job'],
    ['command: [work], schedule: "0 3 * * *"', 'CronJob'],
    ['command: [work], run: once', 'Job'],
  ],
  strategy: [
    ['port: 8080', 'Deployment Service'],
    ['port: 8080, rollout: {strategy: recreate}', 'Deployment Service'],
    ['port: 8080', 'Deployment Service'],
    ['port: 8080, rollout: {strategy: rolling}, instances: 2', 'Deployment PodDisruptionBudget Service'],
    ['port: 8080, rollout: {strategy: recreate}, instances: 2', 'Deployment PodDisruptionBudget Service'],
    ['port: 8080, instances: 1', 'Deployment Service'],
    ['port: 8080, security: {writable_root: true}', 'Deployment Service'],
  ],
  service: [
    ['port: 8080', 'Deployment Service'],
    ['ports: [8080, {port: 8080, protocol: udp, name: same}]', 'Deployment Service'],
    ['ports: [{port: 8080, name: web}]', 'Deployment Service'],
    ['env: {QUIET: "1"}', 'Deployment'],
    ['ports: [{port: 8080, protocol: http2}, 9000]', 'Deployment Service'],
    ['ports: [{port: 8080, protocol: tcp}, {port: 9000, protocol: grpc}]', 'Deployment Service'],
    ['port: 8080', 'Deployment Service'],
  ],
  check: [
    ['port: 8080, health: {http: /healthz}', 'Deployment Service'],
    ['port: 8080, health: {tcp: 8080}', 'Deployment Service'],
    ['port: 8080, health: {http: /healthz, liveness: {tcp: 8080}}', 'Deployment Service'],
    ['port: 8080, health: {startup: {http: /healthz}, liveness: {http: /healthz}}', 'Deployment Service'],
    ['port: 8080', 'Deployment Service'],
    ['port: 8080, files: {/etc/x: {content: one}}', 'ConfigMap Deployment Service'],
    ['port: 8080, env: {X: {secret: other, key: k}}', 'Deployment Service'],
  ],
};

interface List {
  readonly items: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

describe.concurrent('transitions', () => {
  test.for(Object.keys(ways))('%s', { timeout: 900_000 }, async (name, { makeApp }) => {
    const app = makeApp('');
    await kubectl('create', 'namespace', app.namespace);
    await kubectl('-n', app.namespace, 'create', 'secret', 'generic', 'other', '--from-literal=k=v');
    for (const [says, kinds] of ways[name]!) {
      app.write(`components: {web: {${hello}, ${says}}}\n`);
      const run = await app.paas(['deploy', '--timeout', '5min']);
      expect([run.code, says], run.all).toEqual([0, says]);
      const { items } = await kubectlJson<List>(
        ...['-n', app.namespace, 'get', '-l', `paas.internal/component=web`],
        'deployments,statefulsets,cronjobs,jobs,services,configmaps,poddisruptionbudgets',
      );
      const found = items.map(({ kind }) => kind).sort();
      expect(found.join(' '), says).toBe(kinds);
      expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    }
  });

  test('a volume of its own becomes a shared one, and the other way', { timeout: 600_000 }, async ({
    makeApp,
  }) => {
    const app = makeApp('');
    await kubectlInput(sharedVolume(app.name), 'apply', '-f', '-');
    try {
      const shared = `volumes: {data: {path: /data, size: 16Mi, shared: true, storage_class: ${app.name}}}`;
      for (const says of [volume, shared, volume]) {
        app.write(`components: {web: {${hello}, port: 8080, ${says}}}\n`);
        const run = await app.paas(['deploy', '--timeout', '5min']);
        expect(run.code, run.all).toBe(0);
      }
      // Data is never removed unasked.
      const claims = await kubectlJson<List>('-n', app.namespace, 'get', 'persistentvolumeclaims');
      expect(claims.items.map(({ metadata }) => metadata.name).sort()).toEqual(['data-web-0', 'web-data']);
    } finally {
      await kubectl('delete', 'persistentvolume', app.name, '--wait=false');
    }
  });

  test.for([
    ['another size', 'volumes: {data: {path: /data, size: 32Mi}}'],
    ['another storage class', 'volumes: {data: {path: /data, size: 16Mi, storage_class: local-path}}'],
    ['one more', 'volumes: {data: {path: /data, size: 16Mi}, more: {path: /more, size: 16Mi}}'],
  ])(
    'volumes of a running StatefulSet, %s: refused, and the way that is named works',
    { timeout: 600_000 },
    async ([, says], { makeApp }) => {
      const app = makeApp(`components: {web: {${hello}, port: 8080, ${volume}}}\n`);
      expect((await app.paas(['deploy'])).code).toBe(0);
      app.write(`components: {web: {${hello}, port: 8080, ${says}}}\n`);
      const refused = await app.paas(['deploy']);
      expect(refused.code, refused.all).toBe(8);
      expect(refused.stderr).toContain('[fixed-for-ever]');
      expect(refused.stderr).toContain('statefulset/web is there with other volumes');
      expect(refused.stderr).toContain(
        '--recreate statefulset/web deletes it and makes it again: its instances go on',
      );
      const recreate = ['--recreate', 'statefulset/web'];
      const shown = await app.paas(['diff', ...recreate]);
      expect([shown.code, shown.stdout]).toEqual([
        2,
        expect.stringContaining('deletes and makes again 1 object'),
      ]);
      const after = await app.paas(['deploy', '--timeout', '5min', ...recreate]);
      expect(after.code, after.all).toBe(0);
      expect(after.stderr).toContain('± statefulset/web');
      // Only where it is needed.
      expect((await app.paas(['deploy', ...recreate])).all).toContain('Nothing to do');
      const pods = await kubectlJson<List>('-n', app.namespace, 'get', 'pods');
      expect(pods.items.map(({ metadata }) => metadata.name)).toEqual(['web-0']);
    },
  );
});

function sharedVolume(name: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteMany'],
      capacity: { storage: '16Mi' },
      storageClassName: name,
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/tmp/${name}`, type: 'DirectoryOrCreate' },
    },
  });
}
