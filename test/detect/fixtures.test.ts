import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkFile } from '../../src/pipeline/check-file.ts';
import { test } from '../support/app.ts';
import { paas } from '../support/paas.ts';

// A folder is a case: a source shaped after what the tools of its language begin with. What `paas init --yes` says of it
// and the file that it writes stand in expected.txt beside it. `--update` writes what is so now: read it as the person
// would whose source it is.

const fixtures = join(import.meta.dirname, 'fixtures');
const names = readdirSync(fixtures);

test('there are many', () => expect(names.length).toBeGreaterThanOrEqual(40));

describe.concurrent('a source is recognised', () => {
  for (const name of names) {
    test(name, async ({ makeFolder, expect }) => {
      const folder = join(makeFolder(), name);
      cpSync(join(fixtures, name), folder, { recursive: true });
      // Under its own name it would hold in this repository.
      const ignored = join(folder, 'dot-gitignore');
      if (existsSync(ignored)) renameSync(ignored, join(folder, '.gitignore'));
      const run = await paas(['init', '--yes'], { cwd: folder });
      const file = join(folder, 'paas.yaml');
      const written = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const said = `${run.stderr}\n\n${written}\nexit code ${run.code}\n`;
      await expect(said).toMatchFileSnapshot(join(fixtures, name, 'expected.txt'));

      if (run.code !== 0) return expect(written).toBe('');
      expect(run.stdout).toBe('paas.yaml');
      const app = { file: 'paas.yaml', env: undefined, cwd: folder };
      const { problems, notYet } = await checkFile(app);
      expect(problems).toEqual([]);
      // Once images can be built this is empty.
      const others = notYet.filter(({ message }) => !/\.build\)|\(registry\)/.test(message));
      expect(others).toEqual([]);
    });
  }
});
