import { beforeAll } from 'vitest';
import { type Tool, toolPath } from '../cluster/tools.ts';
import { BUILD_MS } from './extras.ts';

/** Sees to it that programs are there before the tests of this file, whose time is none to build one in. */
export function withTools(...tools: readonly Tool[]): void {
  beforeAll(async () => {
    for (const tool of tools) await toolPath(tool, (line) => process.stderr.write(`${line}\n`));
  }, BUILD_MS);
}
