import { execa } from 'execa';
import { infoOf } from '../cluster/cluster.ts';
import { pullOverHttp } from '../cluster/runtime.ts';

/** The context that the tests use. */
export const context = process.env.PAAS_TEST_CONTEXT ?? '';

/** An image of the tests, as the cluster pulls it. */
export function image(reference: string): string {
  return `${process.env.PAAS_TEST_IMAGES}/${reference}`;
}

/**
 * A registry that this machine pushes to and the cluster pulls from under one name (`10.180.255.2:5000`), over plain
 * HTTP. Empty where the cluster knows it by another one: what needs it can't be tested there.
 */
export const registry = process.env.PAAS_TEST_PUSH ?? '';

/**
 * Has the test cluster pull from a registry of this machine that listens on `here`. Undefined in somebody's cluster,
 * where that can't be had.
 */
export function ownCluster():
  | { readonly here: string; readonly letPullFrom: (host: string) => void }
  | undefined {
  const info = process.env.PAAS_TEST_CLUSTER ? infoOf(process.env.PAAS_TEST_CLUSTER) : undefined;
  const { host, registries } = info ?? {};
  return host && registries
    ? { here: host, letPullFrom: (from) => pullOverHttp(registries, from) }
    : undefined;
}

/** Resources with which all tests' instances fit on one small node at the same time. */
export const small = '{cpu: 10m, memory: 32Mi}';

/** How long kubectl waits for what a test needs before it goes on: a machine that does much else is no failure. */
export const patience = '--timeout=240s';

/** kubectl, as a witness: it knows nothing of this program. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa(process.env.PAAS_TEST_KUBECTL ?? 'kubectl', ['--context', context, ...args]);
  return stdout;
}

/** The same, for a JSON answer. */
export async function kubectlJson<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl(...args, '-o', 'json')) as T;
}

/** kubectl with something on its standard input. */
export async function kubectlInput(input: string, ...args: readonly string[]): Promise<string> {
  const all = ['--context', context, ...args];
  const { stdout } = await execa(process.env.PAAS_TEST_KUBECTL ?? 'kubectl', all, { input });
  return stdout;
}
