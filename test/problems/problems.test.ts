import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { inOrder } from '../../src/model/gather-problems.ts';
import { checkFile } from '../../src/pipeline/check-file.ts';
import { checkPlatform } from '../../src/pipeline/platform-file.ts';
import { PaasError, type Problem } from '../../src/problems/problem.ts';
import { printProblems } from '../../src/terminal/print-problems.ts';
import { paas, root } from '../support/paas.ts';

// A folder is a case: paas.yaml, platform.yaml or an app under a platform (both), and what `paas validate` says of it. `-u` writes what is said now: read it.

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('what is said of a mistake', () => {
  test('there are many cases', () => expect(folders.length).toBeGreaterThanOrEqual(80));

  test.each(folders)('%s', async (name) => {
    const cwd = join(import.meta.dirname, name);
    const problems = await problemsOf(cwd);
    let said = '';
    printProblems(problems, { write: (text) => (said += text) });
    said += `\nexit code ${exitCodeOf(problems)}\n`;
    await expect(said).toMatchFileSnapshot(join(cwd, 'expected.txt'));
  });

  test.each(folders)('%s: every place is in the file, in its order', async (name) => {
    const problems = await problemsOf(join(import.meta.dirname, name));
    expect(problems.length).toBeGreaterThan(0);
    for (const { at } of problems) {
      if (at) expect(at.end).toBeLessThanOrEqual(at.source.text.length);
    }
    const starts = (file: string): number[] =>
      problems.flatMap(({ at }) => (at?.source.path === file ? [at.start] : []));
    for (const file of ['paas.yaml', 'platform.yaml']) {
      expect(starts(file)).toEqual([...starts(file)].sort((a, b) => a - b));
    }
  });

  test('the program says the same', async () => {
    const cwd = join(import.meta.dirname, 'several-at-once');
    const run = await paas(['validate'], { cwd });
    // The last line end of what a program wrote is cut off here.
    const said = `${run.stderr}\n\nexit code ${run.code}\n`;
    expect(said).toBe(readFileSync(join(cwd, 'expected.txt'), 'utf8'));
    expect(run.stdout).toBe('');
  });
});

async function problemsOf(cwd: string): Promise<readonly Problem[]> {
  try {
    const platform = existsSync(join(cwd, 'platform.yaml')) ? 'platform.yaml' : undefined;
    if (platform && !existsSync(join(cwd, 'paas.yaml'))) return (await checkPlatform(platform, cwd)).problems;
    const { problems, notYet } = await checkFile({ file: 'paas.yaml', env: undefined, cwd, platform }, root);
    return inOrder([...problems, ...notYet], 'paas.yaml');
  } catch (error) {
    if (error instanceof PaasError) return error.problems;
    throw error;
  }
}
