import { expect, test } from 'vitest';
import { ownContainer } from '../../src/instances/own-container.ts';

const annotations = { 'kubectl.kubernetes.io/default-container': 'main' };

test.for<[string, readonly string[], Readonly<Record<string, string>>, string | undefined]>([
  ['the only one', ['web'], {}, 'web'],
  ["behind a mesh's proxy", ['istio-proxy', 'web'], {}, 'web'],
  ['its own name counts first', ['proxy', 'main', 'web'], annotations, 'web'],
  ['where none has the name: what the instance says', ['proxy', 'main'], annotations, 'main'],
  ['what it says is not there', ['program', 'proxy'], annotations, 'program'],
  ['none', [], annotations, undefined],
])('%s', ([_, names, said, expected]) => {
  const containers = names.map((name) => ({ name }));
  expect(ownContainer({ metadata: { annotations: said }, spec: { containers } }, 'web')).toBe(expected);
});
