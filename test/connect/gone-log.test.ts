import { expect, test } from 'vitest';
import { isOfGoneLog } from '../../src/cluster/logs.ts';

// Words of the kubelet (v1.34) in place of a log that is gone: they are none of the program's.

const file = '/var/log/pods/shop_web-run-12d41438-rpf92_09bbd706-e345-4c08-a11e-cd7c5ea4ea32/web/0.log';

test.for([
  'unable to retrieve container logs for containerd://0a1b2c',
  `failed to try resolving symlinks in path "${file}": lstat ${file}: no such file or directory`,
  `failed to open log file "${file}": open ${file}: no such file or directory`,
])('%s', (text) => {
  expect([isOfGoneLog(text), isOfGoneLog(`${text}\n`)]).toEqual([true, true]);
});

test.for([
  '',
  'stopping\n',
  'failed to open log file',
  'no such file or directory',
  `failed to open log file "${file}": no such file or directory\nstopping\n`,
])('%j is of a program', (text) => {
  expect(isOfGoneLog(text)).toBe(false);
});
