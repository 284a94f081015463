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

test('in a pipe every change of what paas status shows is a line: also of what has no instances', () => {
  const lines: string[] = [];
  const { print } = linedWatch({ write: (line: string) => void lines.push(line) }, () => '10:00:00');
  const told = (change: Partial<Status>): string[] => {
    lines.length = 0;
    print({ status: { ...status, ...change }, silentSince: undefined });
    return lines.map((line) => line.replace(/^10:00:00 (.*)\n$/, '$1'));
  };
  const release = { number: 3, at: '', outcome: 'succeeded', plan: '', by: 'ada@lab', tool: '1' } as const;
  const report = { name: 'report', schedule: '0 3 * * *', time_zone: 'Asia/Shanghai' } as const;
  const web = { name: 'web', state: 'ready', ready: 1, wanted: 1, message: 'ready' } as const;
  const route = { object: 'httproute/shop', message: 'ready' } as const;
  const [at, next] = ['2026-01-01T03:00:00Z', '2026-01-02T03:00:00Z'];
  const crash = { code: 'crash', class: 'hopeless', message: 'The program ended with exit code 3.' } as const;

  told({});
  expect(told({ release, components: [web], hosts: ['shop.example.com'] })).toEqual([
    'release 3 succeeded',
    'reached at shop.example.com',
    'web 1/1 ready',
  ]);
  const base: Partial<Status> = { release, components: [web], hosts: ['shop.example.com'] };
  expect(told({ ...base, scheduled: [{ ...report, state: 'waiting' }] })).toEqual([
    'report by clock (0 3 * * * Asia/Shanghai) has not run yet',
  ]);
  const runs = (state: 'running' | 'succeeded' | 'failed', of: string): string[] => {
    const cause = state === 'failed' ? { cause: crash } : {};
    return told({ ...base, scheduled: [{ ...report, state, at: of, ...cause }] });
  };
  expect(runs('running', at)[0]).toMatch(/ runs \(run of 2026-01-01T03:00:00Z\)$/);
  expect(runs('succeeded', at)[0]).toMatch(/ ended well \(run of 2026-01-01T03:00:00Z\)$/);
  expect(runs('succeeded', at)).toEqual([]);
  // Also of a run of which nobody saw how it went.
  expect(runs('succeeded', next)[0]).toMatch(/ ended well \(run of 2026-01-02T03:00:00Z\)$/);
  expect(runs('failed', next)[0]).toMatch(/ failed .*: The program ended with exit code 3\. \[crash\]$/);

  const refused = { code: 'route-refused', class: 'hopeless', message: 'Nobody takes it.' } as const;
  told(base);
  expect(told({ ...base, objects: [{ ...route, state: 'failed', cause: refused }] })).toEqual([
    'httproute/shop failed: Nobody takes it. [route-refused]',
  ]);
  expect(told({ ...base, objects: [{ ...route, state: 'ready' }] })).toEqual(['httproute/shop ready']);
  expect(told(base)).toEqual(['object httproute/shop is gone']);

  const freeze = { by: 'ada@lab', at, message: 'no deploys today' };
  expect(told({ ...base, freeze })).toEqual([`locked by ada@lab since ${at}: no deploys today`]);
  expect(told(base)).toEqual(['the lock is gone']);
  const autoscaler = { min: 1, max: 5 } as NonNullable<Status['components'][number]['autoscaler']>;
  const unmeasured = { ...autoscaler, cause: { ...crash, code: 'no-metrics', message: 'No metrics.' } };
  expect(told({ ...base, components: [{ ...web, autoscaler }] })).toEqual(['web is scaled between 1 and 5']);
  expect(told({ ...base, components: [{ ...web, autoscaler: unmeasured }] })).toEqual([
    "web is scaled between 1 and 5, and can't be as its policy says: No metrics. [no-metrics]",
  ]);
});
