import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { context } from './cluster.ts';

/** What a workload was told and had, at every change of it. */
export interface Recorded {
  /** How many instances were asked for. */
  readonly wanted: readonly number[];
  /** How many served. */
  readonly available: readonly number[];
}

/** Watches a workload from now on, with kubectl: no state in between is missed, as it would be by asking. */
export async function recordReplicas(
  namespace: string,
  name: string,
  kind = 'deployment',
): Promise<{ end: () => Promise<Recorded> }> {
  const wanted: number[] = [];
  const available: number[] = [];
  const form = '{.spec.replicas} {.status.availableReplicas}{"\\n"}';
  const watch = execa(
    process.env.PAAS_TEST_KUBECTL ?? 'kubectl',
    ['--context', context, 'get', `${kind}/${name}`, '-n', namespace, '--watch', `--output=jsonpath=${form}`],
    { reject: false, buffer: false },
  );
  const lines = createInterface({ input: watch.stdout });
  lines.on('line', (line) => {
    const [asked, serving] = line.split(' ');
    wanted.push(Number(asked));
    available.push(Number(serving || 0));
  });
  // How it is now: from here on no change is missed.
  await once(lines, 'line');
  return {
    end: async () => {
      watch.kill('SIGTERM');
      await watch;
      return { wanted, available };
    },
  };
}
