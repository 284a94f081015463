import { until } from '../cluster/wait.ts';
import { kubectl } from './cluster.ts';

/**
 * The token of somebody who has the rights of a role (`--role=NAME`, `--clusterrole=NAME`) in a namespace, and nothing
 * elsewhere: among them to read instances. The API server acts by a binding a moment after it took it.
 */
export async function logInAs(namespace: string, name: string, role: string): Promise<string> {
  const there = ['-n', namespace];
  await kubectl('create', 'serviceaccount', name, ...there);
  await kubectl('create', 'rolebinding', name, role, `--serviceaccount=${namespace}:${name}`, ...there);
  const as = `--as=system:serviceaccount:${namespace}:${name}`;
  await until(
    'its rights',
    async () => (await kubectl('auth', 'can-i', 'get', 'pods', as, ...there)) === 'yes',
  );
  return (await kubectl('create', 'token', name, ...there)).trim();
}
