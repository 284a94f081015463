import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';
import { program } from '../support/paas.ts';

/** Fails, after it has tried to give the log of GitHub Actions orders. */
const hostile = `
components:
  web:
    image: ${image('hello:1.0')}
    resources: ${small}
    command: ["a\\n::error file=a,line=1::planted\\n  ::set-output name=a::b\\n##[error]planted"]
`;
const hello = `
components:
  web: {image: ${image('hello:1.0')}, port: 8080, resources: ${small}}
`;

describe.concurrent('the log of a CI system', () => {
  test('GitHub Actions: parts that fold, the problem at its line, a page; what a program says is no command', async ({
    makeApp,
  }) => {
    const app = makeApp(hostile);
    const page = join(app.folder, 'summary.md');
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: page,
      GITHUB_WORKSPACE: join(app.folder, '..'),
    };
    const run = await app.paas(['deploy'], { env });
    expect(run.code).toBe(3);
    const commands = run.stderr.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(commands.filter((line) => line.startsWith('::group::'))).toContain('::group::Apply workloads (1)');
    expect(commands.filter((line) => line === '::endgroup::').length).toBe(
      commands.filter((line) => line.startsWith('::group::')).length,
    );
    const folder = app.folder.split('/').at(-1);
    const errors = commands.filter((line) => line.startsWith('::error'));
    expect(errors).toEqual([
      expect.stringMatching(new RegExp(`^::error file=${folder}/paas.yaml,line=7,.*title=`)),
    ]);
    expect(commands.filter((line) => !/^::(group|endgroup|error)/.test(line))).toEqual([]);
    // It is there to be read all the same.
    expect(run.stderr).toContain('planted');
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('Release 1 failed.');
    expect(text).toMatch(/```text\n(.*\n)*::error file=a,line=1::planted/);
    expect(text).toContain('| create | <code>deployment/web</code> |');

    app.write(hello);
    expect((await app.paas(['deploy'], { env })).code).toBe(0);
    expect(readFileSync(page, 'utf8').slice(text.length)).toContain('Release 2 is live.');
    // Scripts get nothing but JSON.
    const json = await app.paas(['deploy', '--json'], { env });
    expect(json.all).not.toContain('::');
    // What comes of a program as it is, is shielded by stopping all commands around it.
    const said = await app.paas(['exec', 'web', '--', 'echo', '::error::planted'], { env });
    const [, token] = /^::stop-commands::([0-9a-f]{32})\n/.exec(said.stderr) ?? [];
    expect(said.stderr).toContain(`\n::${token}::\n`.slice(1, 36));
  });

  test('a file that is wrong: the same', async ({ makeApp }) => {
    const app = makeApp('components: {web: {imag: x}}\n');
    const page = join(app.folder, 'summary.md');
    const run = await app.paas(['deploy'], { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page } });
    expect([run.code, run.stderr]).toEqual([7, expect.stringMatching(/^::error file=paas\.yaml,line=2,/m)]);
    expect(readFileSync(page, 'utf8')).toContain('paas.yaml:2:');
  });

  test('GitLab: sections that fold', async ({ makeApp }) => {
    const run = await makeApp(hello).paas(['deploy'], { env: { GITLAB_CI: 'true' } });
    expect(run.code).toBe(0);
    const starts = run.stderr.match(/\u001b\[0Ksection_start:\d+:paas_\d+\[collapsed=true\]\r\u001b\[0K/g);
    const ends = run.stderr.match(/\u001b\[0Ksection_end:\d+:paas_\d+\r\u001b\[0K/g);
    expect(starts?.length).toBeGreaterThan(0);
    expect(ends?.length).toBe(starts?.length);
  });

  test('a reader of version 1 in a few lines of shell', async ({ makeApp }) => {
    const app = makeApp(hello);
    // grep and sed alone: a CI image has no jq by itself.
    const reader = `
      field() { printf '%s' "$1" | sed -n "s/.*\\"$2\\":\\"\\{0,1\\}\\([^\\",}]*\\).*/\\1/p"; }
      version=
      while IFS= read -r line; do
        [ -n "$version" ] || version=$(field "$line" version)
        [ "$version" = 1 ] || { echo "version $version is not known"; exit 1; }
        case $(field "$line" type) in
          target) echo "to $(field "$line" namespace)" ;;
          progress) echo "$(field "$line" component) $(field "$line" ready)/$(field "$line" wanted)" ;;
          problem) echo "problem $(field "$line" code)" ;;
          end) echo "$(field "$line" outcome) $(field "$line" release)" ;;
        esac
      done`;
    const read = async () => {
      const command = `"$NODE" "$PAAS" deploy --json | sh -c "$READER"`;
      const env = {
        NODE: process.execPath,
        PAAS: program,
        READER: reader,
        PAAS_CONTEXT: process.env.PAAS_TEST_CONTEXT ?? '',
      };
      return (await execa('sh', ['-c', command], { cwd: app.folder, env, reject: false })).stdout.split('\n');
    };
    const lines = await read();
    expect(lines[0]).toBe(`to ${app.namespace}`);
    expect(lines).toContain('web 1/1');
    expect(lines.at(-1)).toBe('succeeded 1');
    app.write('components: {web: {imag: x}}\n');
    expect(await read()).toEqual(['problem unknown-key', 'stopped ']);
  });
});
