import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { versionsOf } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';

/** Objects with a field that Kubernetes fixes, in two states. */
const manifests = (later: boolean): ({ readonly kind: string } & Record<string, unknown>)[] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'fixed' },
    immutable: true,
    data: { a: later ? 'two' : 'one' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'direct' },
    spec: { ports: [{ name: 'http', port: 80 }], ...(later && { clusterIP: 'None' }) },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'kept' },
    spec: {
      accessModes: [later ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: '1Mi' } },
    },
  },
];

describe('--recreate', () => {
  test('every field that is fixed is said at once, before anything is touched; what holds data is never deleted', async ({
    makeApp,
  }) => {
    const app = makeApp(
      `components: {web: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}\n`,
    );
    const folder = join(app.folder, '.paas', 'manifests');
    mkdirSync(folder, { recursive: true });
    const write = (later: boolean, more: (text: string) => string = (text) => text): void => {
      for (const object of manifests(later))
        writeFileSync(join(folder, `${object.kind}.yaml`), more(JSON.stringify(object)));
    };
    write(false);
    const first = await app.paas(['deploy']);
    expect([first.code, first.all]).toEqual([0, expect.stringContaining('is live')]);
    const before = await versionsOf(app.namespace);
    write(true);
    const run = await app.paas(['deploy']);
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('[fixed-for-ever]')]);
    expect(run.all).toContain('configmap/fixed is there with other contents');
    expect(run.all).toContain('service/direct is there with other address in the cluster');
    expect(run.all).toContain('persistentvolumeclaim/kept is there with other access modes');
    const all = ['configmap/fixed', 'service/direct', 'persistentvolumeclaim/kept'];
    const flags = all.flatMap((object) => ['--recreate', object]);
    const still = await app.paas(['deploy', ...flags]);
    expect([still.code, still.all]).toEqual([
      8,
      expect.stringContaining('It holds data, and is never deleted'),
    ]);
    expect(still.all).not.toContain('configmap/fixed is there with');
    expect(await versionsOf(app.namespace)).toEqual(before);

    write(true, (text) => text.replace('ReadWriteMany', 'ReadWriteOnce'));
    const done = await app.paas(['deploy', ...flags]);
    expect([done.code, done.all]).toEqual([0, expect.stringContaining('± configmap/fixed')]);
    const of = (...args: string[]) => kubectl('-n', app.namespace, 'get', ...args);
    expect(await of('configmap/fixed', '-o', 'jsonpath={.data.a}')).toBe('two');
    expect(await of('service/direct', '-o', 'jsonpath={.spec.clusterIP}')).toBe('None');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    // And back, to what was there before.
    expect((await app.paas(['rollback'])).code).toBe(8);
    const back = await app.paas(['rollback', ...flags]);
    expect([back.code, back.all]).toEqual([0, expect.stringContaining('Release 3 is live')]);
    expect(await of('configmap/fixed', '-o', 'jsonpath={.data.a}')).toBe('one');
  });
});
