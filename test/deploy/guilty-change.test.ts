import { expect, test } from 'vitest';
import { guiltyChange } from '../../src/deploy/guilty-change.ts';
import type { Difference } from '../../src/plan/compare-plans.ts';
import type { Cause } from '../../src/readiness/cause.ts';

const changed = (words: string, field = words, component = 'web'): Difference => ({
  object: `deployment/${component}`,
  component,
  action: 'update',
  field,
  words,
  from: 'a',
  to: 'b',
});
const cause = (code: string): Cause => ({ code, class: 'budgeted', message: '' });

test.each([
  ['crash', ['env MODE', 'image'], 'image', 'image a → b'],
  ['crash', ['env MODE', 'resources.limits.memory'], 'env.MODE', 'env MODE a → b'],
  ['out-of-memory', ['image', 'resources.limits.memory'], 'resources', 'resources.limits.memory a → b'],
  ['probe-failing', ['readinessProbe.httpGet.path', 'image'], 'health', 'readinessProbe.httpGet.path a → b'],
  ['listens-elsewhere', ['env PORT'], 'port', 'env PORT a → b'],
])('%s after a change of %s', (code, words, key, said) => {
  expect(
    guiltyChange(
      cause(code),
      'web',
      words.map((one) => changed(one)),
    ),
  ).toEqual({ key, words: said });
});

test('nothing is said where this release changed nothing that could have done it', () => {
  expect(guiltyChange(cause('image-not-found'), 'web', [changed('env MODE')])).toBeUndefined();
  expect(guiltyChange(cause('crash'), 'web', [changed('image', 'image', 'api')])).toBeUndefined();
  expect(guiltyChange(cause('node-trouble'), 'web', [changed('image')])).toBeUndefined();
  expect(guiltyChange(cause('crash'), 'web', [])).toBeUndefined();
});
