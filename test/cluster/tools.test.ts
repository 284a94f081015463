import { expect, test } from 'vitest';
import { run } from './run.ts';
import { type Tool, toolPath } from './tools.ts';

/** Each tool is there, and says which version it is. */

test.for<[Tool, string[], RegExp]>([
  ['kubeconform', ['-v'], /^v\d/],
  ['kustomize', ['version'], /^v\d/],
  ['helm', ['version', '--short'], /^v4\./],
  ['istioctl', ['version', '--remote=false'], /1\.\d+/],
  ['promtool', ['--version'], /version 3\.\d+/],
])('%s runs', { timeout: 900_000 }, async ([tool, args, version]) => {
  expect(await run(await toolPath(tool), args)).toMatch(version);
});
