import { get } from 'node:http';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { eventsOf, test } from '../support/app.ts';
import { breakableCluster } from '../support/breakable.ts';
import { image, kubectl, kubectlJson, patience, small } from '../support/cluster.ts';

const web = `
components:
  web:
    image: ${image('faulty:1.0')}
    port: 8080
    resources: ${small}
    env: {MODE: ok, KEY: given}
    health: {http: /healthz, interval: 1s}
`;

type List = { items: { metadata: { name: string; uid: string } }[] };

describe.concurrent('around the app', () => {
  test('restart: new instances, and nothing for the next deploy to do', async ({ makeApp }) => {
    const { paas, namespace } = makeApp(web);
    const early = await paas(['restart']);
    expect([early.code, early.stderr]).toEqual([8, expect.stringContaining('[not-deployed]')]);
    expect((await paas(['deploy'])).code).toBe(0);
    const pods = async (): Promise<string[]> =>
      (await kubectlJson<List>('-n', namespace, 'get', 'pods')).items.map(({ metadata }) => metadata.name);
    const before = await pods();
    const restart = await paas(['restart', 'web']);
    expect([restart.code, restart.stderr]).toEqual([0, expect.stringContaining('Restarted.')]);
    expect(restart.stderr).toContain(`namespace ${namespace}`);
    const wait = ['wait', '--for=delete', ...before.map((pod) => `pod/${pod}`), patience];
    await kubectl('-n', namespace, ...wait);
    expect(await pods()).toHaveLength(1);

    expect((await paas(['deploy'])).all).toContain('Nothing to do: release 1 is live');
    // One that changes something keeps the mark: else it would restart everything that it doesn't touch.
    const template = () =>
      kubectl(
        '-n',
        namespace,
        'get',
        'deployment/web',
        '-o',
        'jsonpath={.spec.template.metadata.annotations}',
      );
    const mark = await template();
    expect(mark).toContain('kubectl.kubernetes.io/restartedAt');
    expect((await paas(['deploy', '--image', `web=${image('faulty:shell')}`])).code).toBe(0);
    expect(await template()).toBe(mark);
    expect((await paas(['restart', 'wbe'])).stderr).toContain('Did you mean web?');
    expect(eventsOf(await paas(['restart', '--json'])).at(-1)).toMatchObject({
      outcome: 'restarted',
      release: 2,
    });
  });

  test('restart of what no longer starts: the cause, as of a deploy; protected, it needs a yes', async ({
    makeApp,
  }) => {
    const { paas, namespace, write } = makeApp(
      web
        .replace('KEY: given', 'KEY: {secret: theirs, key: k}')
        .replace(/$/, 'environments: {default: {protected: true}}\n'),
    );
    await kubectl('create', 'namespace', namespace);
    await kubectl('-n', namespace, 'create', 'secret', 'generic', 'theirs', '--from-literal=k=v');
    expect((await paas(['deploy', '--yes'])).code).toBe(0);
    const refused = await paas(['restart']);
    expect([refused.code, refused.stderr]).toEqual([8, expect.stringContaining('[confirmation-needed]')]);
    await kubectl('-n', namespace, 'delete', 'secret', 'theirs');
    const failed = await paas(['restart', '--yes']);
    expect([failed.code, failed.stderr]).toEqual([
      3,
      expect.stringContaining("the Secret theirs isn't there"),
    ]);
    expect(failed.stderr).toContain('paas.yaml:');
    write('components: {web: {image: x}}\n');
  });

  test('open: a local port leads to an instance, whichever runs; Ctrl-C ends it', async ({ makeApp }) => {
    const { paas, start, namespace, write } = makeApp(web);
    expect((await paas(['deploy'])).code).toBe(0);
    const run = start(['open', 'web']);
    const address = await new Promise<string>((resolve) =>
      run.stdout?.once('data', (data) => resolve(String(data).trim())),
    );
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(address)));
    expect(new Set(answers)).toEqual(new Set(['Hello from faulty\n']));
    const port = new URL(address).port;
    const taken = await paas(['open', '--port', port]);
    expect([taken.code, taken.stderr]).toEqual([7, expect.stringContaining('[port-in-use]')]);

    // The instance goes; the next connection finds its follower.
    await kubectl('-n', namespace, 'delete', 'pod', '-l', 'paas.internal/component=web', '--wait=true');
    await kubectl('-n', namespace, 'rollout', 'status', 'deployment/web');
    expect(await ask(address)).toBe('Hello from faulty\n');
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(0);

    write(`${web}    routes: [{host: shop.example.com, path: /a}]\n`);
    const print = await paas(['open', '--print']);
    expect([print.code, print.stdout]).toEqual([0, 'http://shop.example.com/a']);
    write(web.replace('port: 8080', '').replace(/health.*/, ''));
    expect((await paas(['open'])).stderr).toContain('[no-port]');
  });

  test('env: what is deployed, where it comes from, and what the file says otherwise by now', async ({
    makeApp,
  }) => {
    const uses = `    uses: [api]\n  api: {image: "${image('faulty:1.0')}", port: 8080, resources: ${small}}\n`;
    const said = '{MODE: ok, KEY: given, DB: "postgres://me:sesame@db/x", TOKEN: {secret: token}}';
    const { paas, write, folder } = makeApp(web.replace('{MODE: ok, KEY: given}', said) + uses);
    await execa('sh', ['-c', `printf hush > ${folder}/value`]);
    await paas(['secrets', 'set', 'token', '--from-file', 'value']);
    expect((await paas(['env', 'web'])).stdout).toContain('not deployed yet');
    expect((await paas(['deploy'])).code).toBe(0);
    write(web.replace('{MODE: ok, KEY: given}', said.replace('given', 'other')) + uses);
    const { stdout } = await paas(['env', 'web']);
    expect(stdout).toMatch(/PORT\s+8080\s+paas.yaml:6 port/);
    expect(stdout).toMatch(/KEY\s+given\s+paas.yaml:8 env.KEY ! the file says another by now/);
    expect(stdout).toMatch(/DB\s+postgres:\/\/me:•••@db\/x/);
    expect(stdout).toMatch(/TOKEN\s+••• secret token, version 1/);
    expect(stdout).toMatch(/API_URL\s+http:\/\/api:8080\s+paas.yaml:10 uses/);
    const json = await paas(['env', 'web', '--json']);
    expect(JSON.parse(json.stdout).variables).toContainEqual({
      name: 'TOKEN',
      value: null,
      secret: { name: 'token', version: 1 },
      next: 'same',
      from: { key: 'env.TOKEN', file: 'paas.yaml', line: 8, column: expect.any(Number) },
    });
    expect(stdout + json.stdout).not.toMatch(/hush|sesame/);
  });

  test('a cluster that answers no more: the first Ctrl-C ends what only reads', async ({
    makeApp,
    makeFolder,
  }) => {
    const { start, paas } = makeApp(web);
    const component = ['env', 'exec', 'open', 'run'];
    for (const command of ['status', 'logs', 'env', 'exec', 'open', 'run', 'restart', 'deploy', 'delete']) {
      const wire = await breakableCluster(makeFolder());
      wire.freeze();
      const args = [command, ...(component.includes(command) ? ['web'] : [])];
      const run = start(args, { env: { KUBECONFIG: wire.kubeconfig } });
      await wire.asked;
      run.kill('SIGINT');
      // Counted from here: how long the program takes to begin depends on what else the machine does.
      const late = setTimeout(() => run.kill('SIGKILL'), 20_000);
      expect([command, (await run).exitCode]).toEqual([command, 130]);
      clearTimeout(late);
      wire.close();
    }
    expect((await paas(['status'])).stdout).toContain('Not deployed yet');
  });
});

/** An answer over a connection of its own. */
function ask(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, { agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
