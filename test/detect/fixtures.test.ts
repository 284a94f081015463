import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { initApp } from '../../src/cli/init-app.ts';
import { checkFile } from '../../src/pipeline/check-file.ts';
import { PaasError } from '../../src/problems/problem.ts';
import { printRest, printSeen } from '../../src/terminal/print-init.ts';
import { printProblems } from '../../src/terminal/print-problems.ts';
import { test } from '../support/app.ts';
import { paas, root } from '../support/paas.ts';

// A folder is a case: a source shaped after what the tools of its language begin with. What `paas init --yes` says of it
// and the file that it writes stand in expected.txt beside it. `--update` writes what is so now: read it as the person
// would whose source it is.

const fixtures = join(import.meta.dirname, 'fixtures');
const names = readdirSync(fixtures);

test('there are many', () => expect(names.length).toBeGreaterThanOrEqual(40));

describe('a source is recognised', () => {
  test.for(names)('%s', async (name, { makeFolder }) => {
    const cwd = copyOf(name, makeFolder());
    const { said, code } = await init(cwd);
    await expect(goldenOf(said, cwd, code)).toMatchFileSnapshot(join(fixtures, name, 'expected.txt'));
    if (code !== 0) return;
    const { problems, notYet } = await checkFile({ file: 'paas.yaml', env: undefined, cwd });
    expect(problems).toEqual([]);
    expect(notYet).toEqual([]);
  });

  test.for(['express-generator', 'procfile', 'workspace-npm', 'broken-pyproject', 'dockerfile-only'])(
    'the program says the same of %s',
    async (name, { makeFolder }) => {
      const cwd = copyOf(name, makeFolder());
      const run = await paas(['init', '--yes'], { cwd });
      // The last line end of what a program wrote is cut off here.
      const golden = goldenOf(`${run.stderr}\n`, cwd, run.code);
      expect(golden).toBe(readFileSync(join(fixtures, name, 'expected.txt'), 'utf8'));
      expect(run.stdout).toBe(run.code === 0 ? 'paas.yaml' : '');
    },
  );
});

function copyOf(name: string, parent: string): string {
  const folder = join(parent, name);
  cpSync(join(fixtures, name), folder, { recursive: true });
  // Under its own name it would hold in this repository.
  const ignored = join(folder, 'dot-gitignore');
  if (existsSync(ignored)) renameSync(ignored, join(folder, '.gitignore'));
  return folder;
}

/** What the command does, without the start of a process for each. */
async function init(cwd: string): Promise<{ said: string; code: number }> {
  let said = '';
  const screen = { write: (text: string) => (said += text) };
  const flags = { file: 'paas.yaml', platform: undefined };
  const saw = (apps: Parameters<typeof printSeen>[0]): void => printSeen(apps, screen);
  try {
    const place = { cwd, root, registry: undefined, questions: undefined, saw };
    const { proposal, apps } = await initApp(flags, place);
    printRest(proposal, apps, 'paas.yaml', screen);
    return { said, code: 0 };
  } catch (error) {
    if (!(error instanceof PaasError)) throw error;
    printProblems(error.problems, screen);
    return { said, code: exitCodeOf(error.problems) };
  }
}

function goldenOf(said: string, cwd: string, code: number): string {
  const file = join(cwd, 'paas.yaml');
  return `${said}\n${existsSync(file) ? readFileSync(file, 'utf8') : ''}\nexit code ${code}\n`;
}
