import { test } from 'vitest';
import { until } from '../../cluster/wait.ts';
import { kubectl } from '../../support/cluster.ts';
import { withExtras } from '../../support/extras.ts';

withExtras('metrics-server');

test('kubectl top tells what nodes and pods use', async () => {
  // The first numbers of a pod are there when it was measured twice.
  await until('numbers', async () => /\d+m\s+\d+Mi/.test(await kubectl('top', 'pods', '--all-namespaces')), {
    intervalMs: 500,
  });
  await until('those of nodes', async () => /\d+m\s+\d+%\s+\d+Mi/.test(await kubectl('top', 'nodes')));
});
