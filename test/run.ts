// `npm test`: builds the program, brings the test cluster up (or takes --context NAME), and runs every test.
// Everything else on the command line goes to vitest, such as the name of a file. The last line counts the tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { bundle } from '../bin/build.ts';
import { borrowCluster, type TestCluster } from './support/test-cluster.ts';

const { values, positionals } = parseArgs({
  options: {
    context: { type: 'string' },
    long: { type: 'boolean', default: false },
    update: { type: 'boolean', short: 'u', default: false },
  },
  allowPositionals: true,
});

async function main(): Promise<number> {
  say('Building the program');
  await bundle();
  return borrowCluster(values.context, say, runTests);
}

async function runTests(cluster: TestCluster): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-tests-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['run', '--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json'];
    args.push(`--outputFile.json=${report}`, ...(values.update ? ['--update'] : []), ...positionals);
    const env = { ...cluster.env, ...(values.long && { PAAS_TEST_LONG: '1' }) };
    const { exitCode } = await execa('vitest', args, {
      preferLocal: true,
      stdio: 'inherit',
      reject: false,
      env,
    });
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    const skipped = counts.numPendingTests + counts.numTodoTests;
    const more = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`\n${counts.numPassedTests} passed, ${counts.numFailedTests} failed${more}`);
    return exitCode ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main().catch((error: Error) => {
  say(error.message);
  return 1;
});
