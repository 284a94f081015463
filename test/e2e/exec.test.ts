import { createHash, randomBytes } from 'node:crypto';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { type TestApp, test, until } from '../support/app.ts';
import { breakableCluster } from '../support/breakable.ts';
import { context, image, kubectl, small } from '../support/cluster.ts';
import { makeQuota } from '../support/faulty-app.ts';
import { program } from '../support/paas.ts';
import { paasAtTerminal } from '../support/terminal.ts';

const app = `
components:
  web:
    image: ${image('faulty:shell')}
    port: 8080
    resources: ${small}
    env: {MODE: ok, EXIT_CODE: "7"}
    health: {http: /healthz}
  plain:
    image: ${image('faulty:1.0')}
    port: 8080
    resources: ${small}
    env: {MODE: ok}
`;

/** Runs the program with something piped in. */
async function withInput(app: TestApp, input: string | Uint8Array, args: readonly string[]) {
  const env = { PAAS_CONTEXT: context };
  const options = { cwd: app.folder, env, input, reject: false, encoding: 'buffer' } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], options);
  return { code: exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() };
}

describe.concurrent('programs in instances', () => {
  test('exec without a terminal: its words, its exit code, what is piped in to its end', async ({
    makeApp,
  }) => {
    const made = makeApp(app);
    const { paas } = made;
    const none = await paas(['exec', 'web', '--', '/faulty', 'show']);
    expect([none.code, none.stderr]).toEqual([8, expect.stringContaining('[no-instance]')]);
    expect((await paas(['deploy'])).code).toBe(0);

    const crash = await paas(['exec', 'web', '--', '/faulty', 'crash']);
    expect([crash.code, crash.stdout]).toEqual([7, '']);
    expect(crash.stderr).toContain('cannot reach database');
    const json = await paas(['exec', 'web', '--json', '--', '/faulty', 'show', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ component: 'web', exit_code: 0 });
    expect(json.stderr).toContain(Buffer.from('--json').toString('base64'));

    const bytes = randomBytes(4_000_000);
    const cat = await withInput(made, bytes, ['exec', 'web', '--', '/faulty', 'cat']);
    const hash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
    expect([cat.code, hash(cat.stdout)]).toEqual([7, hash(bytes)]);
    expect(cat.stderr).toContain(`end of the input after ${bytes.length} bytes`);
    const empty = await withInput(made, '', ['exec', 'web', '--', '/faulty', 'cat']);
    expect(empty.stderr).toContain('end of the input after 0 bytes');

    // The argument is never taken from what is piped in.
    const which = await withInput(made, 'web', ['exec', '--', '/faulty', 'cat']);
    expect([which.code, which.stderr]).toEqual([7, expect.stringContaining('[which-component]')]);
    const shell = await paas(['exec', 'plain']);
    expect([shell.code, shell.stderr]).toEqual([7, expect.stringContaining('has no shell (/bin/sh)')]);
    const missing = await paas(['exec', 'web', '--', 'nothing-like-it']);
    expect([missing.code, missing.stderr]).toEqual([7, expect.stringContaining('[program-missing]')]);
    const [, instance] = /has (web-\S+)\./.exec((await paas(['exec', 'web', '--instance', 'web-x'])).stderr)!;
    expect((await paas(['exec', 'web', '--instance', instance!, '--', '/faulty', 'show'])).code).toBe(0);
  });

  test('at a terminal: its size, its keys, Ctrl-C, and the terminal as it was afterwards', async ({
    makeApp,
  }) => {
    const { paas, folder: cwd } = makeApp(app);
    expect((await paas(['deploy'])).code).toBe(0);
    const shell = paasAtTerminal(['exec', 'web'], { cwd });
    await shell.until('size 80x24');
    await shell.resize(100, 30);
    await shell.until('size 100x30');
    shell.type('hello\r');
    await shell.until('read "hello"');
    shell.type('\u0003');
    expect(await shell.end).toMatchObject({
      code: 7,
      restored: true,
      screen: expect.stringContaining('interrupted'),
    });

    const killed = paasAtTerminal(['exec', 'web'], { cwd });
    await killed.until('size 80x24');
    await killed.kill('SIGTERM');
    expect(await killed.end).toMatchObject({ code: 143, restored: true });

    const run = paasAtTerminal(['run', 'web', '--', 'terminal'], { cwd });
    await run.until('size 80x24');
    run.type('exit\r');
    const end = await run.end;
    expect(end).toMatchObject({ code: 7, restored: true });
    // What was written before the connection stood comes once too.
    expect(end.screen.match(/faulty starting in mode terminal/g)).toHaveLength(1);
    const short = await paasAtTerminal(['run', 'web', '--', 'crash'], { cwd }).end;
    expect(short).toMatchObject({ code: 7, screen: expect.stringContaining('cannot reach database') });
  });

  test('a connection that breaks is no exit code of the program', async ({ makeApp, makeFolder }) => {
    const { paas, start, folder } = makeApp(app);
    expect((await paas(['deploy'])).code).toBe(0);
    const wire = await breakableCluster(makeFolder());
    try {
      const env = { KUBECONFIG: wire.kubeconfig };
      const run = start(['exec', 'web', '--', '/faulty', 'noport'], { env });
      await until(run, 'working without a port');
      wire.cut();
      const end = await run;
      expect([end.exitCode, end.stderr]).toEqual([1, expect.stringContaining('[connection-broken]')]);

      // What it writes doesn't hang on one connection, but nobody knows how much of its input it has got.
      const command = [process.execPath, program, 'run', 'web', '--', 'cat'];
      const cat = execa(command[0]!, command.slice(1), {
        cwd: folder,
        env: { PAAS_CONTEXT: context, ...env },
        reject: false,
        stdin: 'pipe',
      });
      cat.stdin.write('half\n');
      await new Promise<void>((resolve) => cat.stdout.on('data', (data) => /half/.test(data) && resolve()));
      wire.cut();
      const half = await cat;
      expect([half.exitCode, half.stderr]).toEqual([1, expect.stringContaining('[connection-broken]')]);
      const log = start(['run', 'web', '--', 'noport'], { env });
      await new Promise<void>((resolve) =>
        log.stdout?.on('data', (data) => /working/.test(String(data)) && resolve()),
      );
      wire.cut();
      log.kill('SIGINT');
      expect((await log).stdout).toMatch(/working without a port\nstopping$/);
    } finally {
      wire.close();
    }
  });

  test('run: what is piped in is its input; a signal tells it to stop, and its last words come', async ({
    makeApp,
  }) => {
    const made = makeApp(app);
    expect((await made.paas(['deploy'])).code).toBe(0);
    const cat = await withInput(made, 'one\ntwo\n', ['run', 'web', '--', 'cat']);
    expect(cat.code).toBe(7);
    // Each line once; what goes to its two outputs at the same moment may stand in the log either way round.
    expect(cat.stdout.toString().split('\n').sort()).toEqual([
      'end of the input after 8 bytes',
      'faulty starting in mode cat',
      'one',
      'two',
    ]);

    const long = made.start(['run', 'web', '--', 'noport']);
    let words = '';
    await new Promise<void>((resolve) => {
      long.stdout?.on('data', (data) => {
        words += data;
        if (words.includes('working')) resolve();
      });
    });
    long.kill('SIGTERM');
    const end = await long;
    expect(end.exitCode).toBe(143);
    expect(end.stdout).toMatch(/working without a port\nstopping$/);
    expect(end.stderr).toContain('told to stop');
    const jobs = await kubectl('-n', made.namespace, 'get', 'jobs', '-o', 'name');
    expect(jobs).toBe('');
  });

  test('run: an answer that is lost to the making of its job changes nothing', async ({ makeApp }) => {
    const { paas, folder, namespace } = makeApp(app);
    expect((await paas(['deploy'])).code).toBe(0);
    const proxy = await openApiProxy(folder);
    try {
      const made = ({ method, path }: { method: string; path: string }): boolean =>
        method === 'POST' && /\/jobs\?/.test(path);
      const isFirst = (): boolean => proxy.seen.filter(made).length === 1;
      proxy.decide = (one) => ({ do: made(one) && isFirst() ? 'lose_answer' : 'pass' });
      const run = await paas(['run', 'web', '--', 'crash'], { env: proxy.env });
      expect([run.code, run.stdout]).toEqual([7, expect.stringContaining('cannot reach database')]);
      expect(proxy.seen.filter(made).length).toBeGreaterThan(1);
      expect(await kubectl('-n', namespace, 'get', 'jobs', '-o', 'name')).toBe('');

      // It was made, and no answer ever says so.
      proxy.decide = (one) => {
        if (!made(one)) return { do: 'pass' };
        return isFirst() ? { do: 'lose_answer' } : { do: 'refuse', status: 403 };
      };
      proxy.seen.length = 0;
      const failed = await paas(['run', 'web', '--', 'noport'], { env: proxy.env });
      expect([failed.code, failed.stdout]).toEqual([expect.any(Number), '']);
      expect(failed.code).not.toBe(0);
      expect(await kubectl('-n', namespace, 'get', 'jobs', '-o', 'name')).toBe('');
    } finally {
      await proxy.close();
    }
  });

  test('run: a job that somebody deletes is not waited for', async ({ makeApp }) => {
    const { paas, start, namespace } = makeApp(app);
    expect((await paas(['deploy'])).code).toBe(0);
    const there = ['-n', namespace];
    const run = start(['run', 'web', '--', 'noport']);
    await new Promise<void>((resolve) =>
      run.stdout?.on('data', (data) => /working/.test(String(data)) && resolve()),
    );
    const job = await firstJob(namespace);
    const pod = await kubectl(...there, 'get', 'pods', '-l', `job-name=${job}`, '-o', 'name');
    await kubectl(...there, 'delete', 'job', job, '--cascade=orphan');
    await kubectl(...there, 'patch', pod, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    await kubectl(...there, 'delete', pod, '--force', '--grace-period=0');
    const end = await run;
    expect([end.exitCode, end.stderr]).toEqual([
      3,
      expect.stringMatching(/while the program ran.*run-deleted/),
    ]);

    // One that waits for its instance, which the namespace has no room for.
    await makeQuota({ namespace }, 'full', 'pods=0');
    const waiting = start(['run', 'web', '--', 'noport']);
    await kubectl(...there, 'delete', 'job', await firstJob(namespace));
    const early = await waiting;
    expect([early.exitCode, early.stderr]).toEqual([
      3,
      expect.stringMatching(/before the program began.*run-deleted/),
    ]);
  });
});

/** The name of a job of a namespace, once there is one. */
async function firstJob(namespace: string): Promise<string> {
  const args = ['--context', context, '-n', namespace, 'get', 'jobs', '--watch', '-o', 'name'];
  const watch = execa(process.env.PAAS_TEST_KUBECTL ?? 'kubectl', args, { reject: false, buffer: false });
  for await (const line of watch) {
    watch.kill();
    return line.replace('job.batch/', '');
  }
  throw new Error('The watch for jobs has ended.');
}
