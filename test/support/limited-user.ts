import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApp } from './app.ts';
import { kubectl, kubectlInput, kubectlJson } from './cluster.ts';

/** A line of a Role: `[group, resource, verbs]`. */
export type Allowed = readonly [group: string, resource: string, ...verbs: string[]];

/** Looking at everything. */
export const looking: Allowed = ['*', '*', 'get', 'list', 'watch'];

/** The environment of somebody who may do in an app's namespace what is allowed here, and nothing besides. */
export async function limitedUser(
  app: TestApp,
  name: string,
  allowed: readonly Allowed[],
): Promise<Record<string, string | undefined>> {
  const within = ['-n', app.namespace];
  await kubectl('create', 'serviceaccount', name, ...within);
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name, namespace: app.namespace },
    rules: allowed.map(([group, resource, ...verbs]) => ({
      apiGroups: [group],
      resources: [resource],
      verbs,
    })),
  };
  await kubectlInput(JSON.stringify(role), 'apply', '-f', '-');
  const who = `--serviceaccount=${app.namespace}:${name}`;
  await kubectl('create', 'rolebinding', name, `--role=${name}`, who, ...within);
  const token = (await kubectl('create', 'token', name, ...within)).trim();
  const { clusters } = await kubectlJson<{ clusters: { cluster: object }[] }>(
    'config',
    'view',
    '--raw',
    '--minify',
    '--flatten',
  );
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'limited',
    clusters: [{ name: 'limited', cluster: clusters[0]!.cluster }],
    users: [{ name: 'limited', user: { token } }],
    contexts: [{ name: 'limited', context: { cluster: 'limited', user: 'limited' } }],
  };
  const file = join(app.folder, `kubeconfig-${name}`);
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return { KUBECONFIG: file, PAAS_CONTEXT: undefined };
}
