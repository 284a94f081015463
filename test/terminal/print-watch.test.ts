import { expect, test } from 'vitest';
import type { Status } from '../../src/observe/status.ts';
import { drawnWatch, linedWatch } from '../../src/terminal/print-watch.ts';

const target = {
  type: 'target',
  app: 'shop',
  environment: 'default',
  cluster: 'lab',
  context: 'lab',
  server: 'https://lab.example',
  namespace: 'shop-default',
} as const;
const status: Status = { release: undefined, components: [], scheduled: [], objects: [], hosts: [] };

test('a cluster that does not answer is said below how it was, and gone when it answers again', () => {
  let written = '';
  const write = (text: string): void => {
    written = text;
  };
  const screen = { isTTY: true, columns: 80, rows: 24, write };
  const { print } = drawnWatch(target, screen);
  print({ status, silentSince: new Date(2026, 10, 22, 9, 5, 7).getTime() });
  expect(written).toContain("! the cluster's API hasn't answered since 09:05:07: this is how it was then\n");
  print({ status, silentSince: undefined });
  expect(written).not.toContain('answered');
});

test('in a pipe it is a line, once', () => {
  const lines: string[] = [];
  const { print } = linedWatch({ write: (line: string) => void lines.push(line) }, () => '10:00:00');
  for (const silentSince of [undefined, 1, 1, undefined, undefined]) print({ status, silentSince });
  expect(lines).toEqual([
    '10:00:00 not deployed yet\n',
    "10:00:00 the cluster's API doesn't answer\n",
    "10:00:00 the cluster's API answers again\n",
  ]);
});
