import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { connect } from '../../src/cluster/connect.ts';
import { openPort } from '../../src/instances/open-port.ts';
import { test } from '../support/app.ts';

test('told to end before it began: it ends, and asks nobody', async ({ makeFolder }) => {
  const kubeconfig = join(makeFolder(), 'config');
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: "https://cluster.invalid"}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
users: [{name: none, user: {}}]
current-context: none
`,
  );
  const cluster = connect({ context: undefined, cluster: undefined, inPod: false, kubeconfig });
  const owner = { app: 'shop', environment: 'default', namespace: 'shop-default' };
  const opened = openPort(cluster, owner, {
    component: 'web',
    port: 8080,
    local: 0,
    signal: AbortSignal.abort(new Error('told to end')),
    tell: () => {},
  });
  await expect(opened).rejects.toThrow('told to end');
});
