import { execa } from 'execa';
import { down, status, up } from '../cluster/cluster.ts';
import { pushTestImages } from '../images/push.ts';

/** A cluster for one run: its address in the environment of the tests. */
export interface TestCluster {
  readonly context: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes down what was brought up for this run; what was there before stays. */
  readonly giveBack: () => Promise<void>;
}

/** The cluster of a context of the kubeconfig; without one, the test cluster of this machine. */
export async function borrowCluster(
  context: string | undefined,
  say: (line: string) => void,
): Promise<TestCluster> {
  return context === undefined ? borrowTestCluster(say) : borrowContext(context, say);
}

async function borrowTestCluster(say: (line: string) => void): Promise<TestCluster> {
  const before = await status();
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  say(before.state === 'healthy' ? 'The test cluster is up' : 'Bringing the test cluster up');
  const info = await up({ onProgress: (line) => say(`  ${line}`), signal: stopped.signal });
  process.off('SIGINT', stop).off('SIGTERM', stop);
  return {
    context: info.context,
    env: {
      KUBECONFIG: info.kubeconfig,
      PAAS_TEST_CONTEXT: info.context,
      PAAS_TEST_KUBECTL: info.kubectl,
      PAAS_TEST_IMAGES: info.registryInCluster ?? '',
    },
    giveBack: async () => {
      if (before.state === 'healthy') return;
      say('Taking the test cluster down');
      await down({ onProgress: (line) => say(`  ${line}`) });
    },
  };
}

/** Somebody's cluster: it must be able to pull the test's images from a registry that this machine can push to. */
async function borrowContext(context: string, say: (line: string) => void): Promise<TestCluster> {
  const push = process.env.PAAS_TEST_REGISTRY;
  if (!push) {
    throw new Error(
      [
        `To use the cluster of the context ${context}, name a registry that it can pull from and this machine can push to:`,
        '  PAAS_TEST_REGISTRY=HOST:PORT  as this machine reaches it (over plain HTTP)',
        '  PAAS_TEST_IMAGES=HOST:PORT    as the cluster reaches it, where that is another address',
      ].join('\n'),
    );
  }
  const kubectl = process.env.PAAS_TEST_KUBECTL ?? 'kubectl';
  await execa(kubectl, ['--context', context, 'get', 'namespaces'], { timeout: 30_000 }).catch((error) => {
    throw new Error(
      `The cluster of the context ${context} can't be used: ${error.shortMessage}\n${error.stderr}`,
    );
  });
  await pushTestImages(push, (line) => say(`  ${line}`));
  return {
    context,
    env: {
      PAAS_TEST_CONTEXT: context,
      PAAS_TEST_KUBECTL: kubectl,
      PAAS_TEST_IMAGES: process.env.PAAS_TEST_IMAGES ?? push,
    },
    giveBack: async () => {},
  };
}
