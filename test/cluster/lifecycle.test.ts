import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClusterInfo, down, status, up } from './cluster.ts';
import { snapshot } from './machine.ts';
import { missingRequirements } from './requirements.ts';
import { run } from './run.ts';
import { until } from './wait.ts';

/** The cluster that all other tests stand on comes up, heals and goes without a trace. */

const name = 'paas-lifecycle';
const whole = missingRequirements(false, join('/tmp', `paas-lifecycle-${process.pid}`)).length === 0;

beforeAll(() => down({ name }));
afterAll(() => down({ name }));

test('the control plane alone is up in seconds, and gone without a trace', async () => {
  const before = snapshot(name);
  const start = Date.now();
  const info = await up({ name, controlPlaneOnly: true });
  expect(Date.now() - start).toBeLessThan(15_000);
  expect(info.controlPlaneOnly).toBe(true);
  expect(await kubectl(info, 'get', '--raw=/readyz')).toBe('ok');

  // A second one finds it as it is.
  const again = Date.now();
  expect(await up({ name, controlPlaneOnly: true })).toEqual(info);
  expect(Date.now() - again).toBeLessThan(2000);

  await down({ name });
  expect(snapshot(name)).toEqual(before);
});

test.runIf(whole)(
  'pods run, a killed part is healed, and all goes without a trace',
  async () => {
    const before = snapshot(name);
    const info = await up({ name });
    await expectPodToAnswer(info);

    const { daemons } = await status({ name });
    for (const { name: daemon, pid } of daemons) {
      if (pid !== undefined && ['containerd', 'kubelet'].includes(daemon)) process.kill(pid, 'SIGKILL');
    }
    await until('the loss to be seen', async () => (await status({ name })).state === 'broken');
    const healed = await up({ name });
    expect((await status({ name })).problems).toEqual([]);
    expect(healed.registry).toBe(info.registry);

    await down({ name });
    expect(snapshot(name)).toEqual(before);
    // There is nothing left to take away, and that is no mistake.
    await down({ name });
  },
  900_000,
);

test.runIf(whole)(
  'an "up" that is killed hard leaves nothing that the next one minds',
  async () => {
    const before = snapshot(name);
    const first = await startUntil('starting the controllers');
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect((await status({ name })).state).toBe('broken');

    const info = await up({ name });
    await expectPodToAnswer(info);
    await down({ name });
    expect(snapshot(name)).toEqual(before);
  },
  900_000,
);

test.runIf(whole)('an "up" that is told to stop cleans up after itself', async () => {
  const before = snapshot(name);
  const interrupted = await startUntil('starting etcd');
  interrupted.kill('SIGTERM');
  const [code] = await once(interrupted, 'exit');
  expect(code).toBe(143);
  expect(snapshot(name)).toEqual(before);
});

test('a name that could lead out of its folder is refused', async () => {
  await expect(up({ name: '../other' })).rejects.toThrow(/can't name a cluster/);
});

/** Starts `up` as a program of its own and gives it back once it has said this. */
async function startUntil(words: string): Promise<ReturnType<typeof spawn>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'up', '--name', name], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  await until(`"${words}"`, () => said.includes(words), {
    alive: () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${said}`);
    },
  });
  return child;
}

/** Runs a pod behind a Service and asks it from here, as tests of apps do. */
async function expectPodToAnswer(info: ClusterInfo): Promise<void> {
  await kubectl(info, 'create', 'deployment', 'hello', '--image=localhost:5000/hello:1.0');
  await kubectl(info, 'expose', 'deployment', 'hello', '--port=80', '--target-port=8080');
  await kubectl(info, 'rollout', 'status', 'deployment/hello', '--timeout=240s');
  const address = await kubectl(info, 'get', 'service', 'hello', '--output=jsonpath={.spec.clusterIP}');
  let answer = '';
  await until('the Service', async () => {
    answer = await (await fetch(`http://${address}`, { signal: AbortSignal.timeout(10_000) })).text();
    return true;
  });
  expect(answer).toMatch(/^Hello from hello, version 1\.0, instance hello-/);
  expect(await kubectl(info, 'logs', 'deployment/hello')).toContain('GET /');
}

function kubectl(info: ClusterInfo, ...args: string[]): Promise<string> {
  return run(info.kubectl, [`--kubeconfig=${info.kubeconfig}`, ...args]);
}
