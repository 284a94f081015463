import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { cronJobState } from '../../src/readiness/cron-job.ts';

const cronJob = (spec: object = {}, status: object = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'report', uid: 'c' },
  spec: { schedule: '0 3 * * *', timeZone: 'Asia/Shanghai', ...spec },
  status,
});
const job = (startTime: string, condition: string | undefined, owner = 'c'): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: `report-${startTime}`,
    uid: startTime,
    ownerReferences: [{ kind: 'CronJob', name: 'report', uid: owner }],
  },
  status: {
    startTime,
    conditions: condition ? [{ type: condition, status: 'True', reason: 'BackoffLimitExceeded' }] : [],
  },
});
const [early, late] = ['2026-11-20T03:00:00Z', '2026-11-21T03:00:00Z'];

test.each<[string, KubeObject, KubeObject[], string, string | undefined]>([
  ['has not run yet', cronJob(), [], 'waiting', undefined],
  ['ran, and nothing of it is kept', cronJob({}, { lastScheduleTime: early }), [], 'waiting', early],
  ['ended well', cronJob(), [job(early, 'Failed'), job(late, 'Complete')], 'succeeded', late],
  ['failed', cronJob(), [job(late, 'Failed'), job(early, 'Complete')], 'failed', late],
  ['runs', cronJob(), [job(early, 'Failed'), job(late, undefined)], 'running', late],
  ['is suspended', cronJob({ suspend: true }), [job(late, 'Complete')], 'stopped', late],
  ["has another's jobs beside it", cronJob(), [job(late, 'Failed', 'other')], 'waiting', undefined],
])('%s', (_, object, workloads, state, at) => {
  const facts = { workloads, pods: [], events: [] };
  const found = cronJobState(object, facts, Date.parse(late) + 60_000);
  expect([found.state, found.at, found.schedule, found.time_zone]).toEqual([
    state,
    at,
    '0 3 * * *',
    'Asia/Shanghai',
  ]);
  expect(found.cause?.code).toBe(state === 'failed' ? 'job-failed' : undefined);
});
