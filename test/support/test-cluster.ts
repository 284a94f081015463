import { execa } from 'execa';
import { down, status, up } from '../cluster/cluster.ts';
import { pushTestImages } from '../images/push.ts';

/** A cluster to use: its context, and what programs need in their environment to use it. */
export interface TestCluster {
  readonly context: string;
  /**
   * KUBECONFIG and PAAS_TEST_CLUSTER where it is our own; PAAS_TEST_CONTEXT, PAAS_TEST_KUBECTL, PAAS_TEST_IMAGES (the
   * registry as the cluster knows it), PAAS_TEST_PUSH (a registry that this machine pushes to and the cluster pulls from
   * under one name, over plain HTTP; empty where it has two).
   */
  readonly env: Readonly<Record<string, string>>;
}

type Say = (line: string) => void;

/** Uses the cluster of a context of the kubeconfig; without one, the test cluster of this machine, which stays up. */
export async function bringCluster(context: string | undefined, say: Say): Promise<TestCluster> {
  return context === undefined ? bringTestCluster(say) : useContext(context, say);
}

/** The same for the time of an action: a test cluster that wasn't there before is taken down again. */
export async function borrowCluster<T>(
  context: string | undefined,
  say: Say,
  action: (cluster: TestCluster) => Promise<T>,
): Promise<T> {
  const wasUp = context !== undefined || (await status()).state === 'healthy';
  const cluster = await bringCluster(context, say);
  try {
    return await action(cluster);
  } finally {
    if (!wasUp) {
      say('Taking the test cluster down');
      await down({ onProgress: (line) => say(`  ${line}`) });
    }
  }
}

async function bringTestCluster(say: Say): Promise<TestCluster> {
  const before = await status();
  const stopped = new AbortController();
  const stop = (): void => stopped.abort(new Error('interrupted'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  say(before.state === 'healthy' ? 'The test cluster is up' : 'Bringing the test cluster up');
  const info = await up({ onProgress: (line) => say(`  ${line}`), signal: stopped.signal });
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (!info.registry || !info.registryInCluster) throw new Error('The test cluster has no node.');
  await pushTestImages(info.registry, (line) => say(`  ${line}`));
  return {
    context: info.context,
    env: {
      KUBECONFIG: info.kubeconfig,
      PAAS_TEST_CONTEXT: info.context,
      PAAS_TEST_CLUSTER: info.name,
      PAAS_TEST_KUBECTL: info.kubectl,
      PAAS_TEST_IMAGES: info.registryInCluster,
      PAAS_TEST_PUSH: info.registry,
    },
  };
}

/** Somebody's cluster: it must be able to pull the test's images from a registry that this machine can push to. */
async function useContext(context: string, say: Say): Promise<TestCluster> {
  const push = process.env.PAAS_TEST_REGISTRY;
  if (!push) {
    throw new Error(
      [
        `To use the cluster of the context ${context}, name a registry that this machine can push to and it can pull from:`,
        '  PAAS_TEST_REGISTRY=HOST:PORT  as this machine reaches it (over plain HTTP)',
        '  PAAS_TEST_IMAGES=HOST:PORT    as the cluster reaches it, where that is another address',
      ].join('\n'),
    );
  }
  const kubectl = process.env.PAAS_TEST_KUBECTL ?? 'kubectl';
  await execa(kubectl, ['--context', context, 'get', 'namespaces'], { timeout: 30_000 }).catch((error) => {
    throw new Error(
      `The cluster of the context ${context} can't be used: ${error.shortMessage}\n${error.stderr ?? ''}`,
    );
  });
  await pushTestImages(push, (line) => say(`  ${line}`));
  const images = process.env.PAAS_TEST_IMAGES ?? push;
  return {
    context,
    env: {
      PAAS_TEST_CONTEXT: context,
      PAAS_TEST_KUBECTL: kubectl,
      PAAS_TEST_IMAGES: images,
      PAAS_TEST_PUSH: images === push ? push : '',
    },
  };
}
