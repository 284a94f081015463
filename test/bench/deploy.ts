import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { run as runProgram } from '../cluster/run.ts';
import { toolPath } from '../cluster/tools.ts';
import { openApiProxy } from '../support/api-proxy.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { borrowCluster } from '../support/test-cluster.ts';

// `npm run bench -- deploy`: what a deploy costs beside kubectl, Helm, kapp and a bare loop of the same PATCHes, on one
// cluster and in one run. What is compared is equal, and where it isn't, it is to our disadvantage: the objects have no
// instances, so that nobody waits, as kubectl and Helm wouldn't; images are named by digest, for which no registry is
// asked; paas takes its lock, reads twice, and notes inventory and release besides.
// `--objects 9,81` and `--rounds 1` make it shorter; a cluster that the environment names (PAAS_TEST_CLUSTER) is used.

/** Objects that each component becomes: a ServiceAccount, a ConfigMap and a suspended CronJob. */
const objectsEach = 3;
const { values: asked } = parseArgs({
  args: process.argv.slice(3),
  options: {
    objects: { type: 'string', default: '9,81,801' },
    rounds: { type: 'string', default: '3' },
  },
});
const all = [3, 27, 267];
const sizes = asked.objects.split(',').map((count) => Math.ceil(Number(count) / objectsEach));
const rounds = Number(asked.rounds);
/** Milliseconds before the API in the last part. */
const latency = 50;

interface Taken {
  readonly wall: number;
  readonly cpu: number;
  /** MB at its highest. */
  readonly memory: number;
}

interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  /** Exit codes that are right; a diff that finds something says so by its own. */
  readonly codes?: readonly number[];
}

export async function run(): Promise<void> {
  const say = (line: string): void => console.error(line);
  await useCluster(say, async (env) => {
    Object.assign(process.env, env);
    const folder = makeTemporaryFolder();
    const used: string[] = [];
    try {
      const tools = { helm: await toolPath('helm', say), kapp: await kappPath(say) };
      console.log(
        'No object has instances, and images are named by digest: nobody waits, no registry is asked.',
      );
      for (const size of sizes) await benchSize(folder, size, env, tools, used);
      await benchLatency(folder, env, used);
    } finally {
      const kubectl = env.PAAS_TEST_KUBECTL!;
      await runProgram(kubectl, ['delete', 'namespace', ...used, '--wait=false', '--ignore-not-found']);
      removeFolder(folder);
    }
  });
}

/** The cluster that the environment names, or else the one of this machine. */
async function useCluster(
  say: (line: string) => void,
  act: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const names = ['KUBECONFIG', 'PAAS_TEST_CONTEXT', 'PAAS_TEST_CLUSTER', 'PAAS_TEST_KUBECTL'];
  const given = names.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []));
  if (given.length === names.length) await act(Object.fromEntries(given));
  else await borrowCluster(undefined, say, ({ env }) => act(env));
}

/** Its modules can't be had everywhere; then it is left out. */
async function kappPath(say: (line: string) => void): Promise<string | undefined> {
  try {
    return await toolPath('kapp', say);
  } catch (error) {
    say(`kapp is left out, it can't be built here: ${String((error as Error).message).split('\n', 1)[0]}`);
    return undefined;
  }
}

interface Tools {
  readonly helm: string;
  readonly kapp: string | undefined;
}

async function benchSize(
  folder: string,
  size: number,
  env: Readonly<Record<string, string>>,
  tools: Tools,
  used: string[],
): Promise<void> {
  const taken = new Map<string, Taken[]>();
  const note = (name: string, one: Taken): void => {
    taken.set(name, [...(taken.get(name) ?? []), one]);
  };
  const requests = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const id = `bench-${size}-${round}-${Date.now().toString(36)}`;
    const apps = prepare(join(folder, id), id, size, env, tools);
    used.push(...apps.map(({ namespace }) => namespace));
    for (const app of apps) await app.begin();
    for (const step of ['fresh', 'no change', 'diff', 'one change'] as const) {
      for (const app of apps) {
        if (step === 'diff') app.change();
        const subject = app.steps[step];
        if (!subject) continue;
        note(subject.name, await take(subject, app.env));
      }
    }
    if (round === 0) await countRequests(folder, `${id}-counted`, size, env, tools, requests, used);
  }
  console.log(`\n${size * objectsEach} objects            wall ms   CPU ms    MB  requests`);
  const middle = (name: string): Taken => median(taken.get(name)!);
  for (const name of taken.keys()) {
    const { wall, cpu, memory } = middle(name);
    const count = requests.get(name);
    console.log(
      `${name.padEnd(24)} ${wall.toFixed(0).padStart(6)}  ${cpu.toFixed(0).padStart(7)}  ${memory.toFixed(0).padStart(4)}  ${String(count ?? '').padStart(8)}`,
    );
  }
  const tell = (what: string, [value, cpu]: readonly [number, number?], most: number): void => {
    const ofCpu = cpu === undefined ? '' : ` (of CPU ${cpu.toFixed(2)} x)`;
    console.log(
      `${what}: ${value.toFixed(2)} x${ofCpu}  goal ${most} x: ${value <= most ? 'met' : 'MISSED'}`,
    );
    if (value > most) process.exitCode = 1;
  };
  const ratio = (a: string, ...others: string[]): [number, number] => {
    const least = (of: 'wall' | 'cpu'): number =>
      Math.min(...others.filter((name) => taken.has(name)).map((name) => middle(name)[of]));
    return [middle(a).wall / least('wall'), middle(a).cpu / least('cpu')];
  };
  if (size === all[0]) tell('fresh against helm', ratio('paas fresh', 'helm fresh'), 1);
  if (size === all.at(-1)) {
    tell('fresh against kubectl', ratio('paas fresh', 'kubectl fresh'), 1);
    tell('fresh against a bare loop', ratio('paas fresh', 'loop fresh'), 1.3);
    const peers = ['kubectl', 'helm', 'kapp'];
    const fastest = (step: string): string[] => peers.map((peer) => `${peer} ${step}`);
    tell('no change against the fastest peer', ratio('paas no change', ...fastest('no change')), 0.25);
    tell('diff of one change against the fastest peer', ratio('paas diff', ...fastest('diff')), 0.25);
    for (const step of ['no change', 'diff']) {
      const { wall } = middle(`paas ${step}`);
      console.log(`${step}: ${(wall / 1000).toFixed(2)} s  goal 0.4 s: ${wall <= 400 ? 'met' : 'MISSED'}`);
    }
    const memory = Math.max(
      ...[...taken].flatMap(([name, all]) => (/^paas/.test(name) ? all : [])).map((one) => one.memory),
    );
    tell('memory of paas, of 200 MB', [memory / 200], 1);
  }
}

type Step = 'fresh' | 'no change' | 'diff' | 'one change';

interface BenchedApp {
  readonly namespace: string;
  readonly env: Readonly<Record<string, string>>;
  /** What must be there before: a namespace, where the program makes none. */
  readonly begin: () => Promise<void>;
  /** Changes one component in what it deploys. */
  readonly change: () => void;
  readonly steps: Partial<Readonly<Record<Step, Subject>>>;
}

/** The same app for each program, in a namespace of its own. */
function prepare(
  folder: string,
  id: string,
  size: number,
  env: Readonly<Record<string, string>>,
  tools: Tools,
): BenchedApp[] {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const kubectl = env.PAAS_TEST_KUBECTL!;
  const make = (namespace: string) => async (): Promise<void> => {
    await runProgram(kubectl, ['create', 'namespace', namespace], { env: { ...process.env, ...env } });
  };
  const rendered = (namespace: string, changed: number): string => {
    writeFileSync(file('rendered.yaml'), appOf(id, size, changed, namespace));
    return execFileSync(process.execPath, [program, 'render', '--file', file('rendered.yaml')], {
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
  };
  const own = { ...env, PAAS_CONTEXT: env.PAAS_TEST_CONTEXT! };
  const paas = (...args: string[]): string[] => [
    process.execPath,
    program,
    ...args,
    '--file',
    file('paas.yaml'),
  ];
  writeFileSync(file('paas.yaml'), appOf(id, size, 0));

  const applied = `${id}-kubectl`;
  writeFileSync(file('all.yaml'), rendered(applied, 0));
  const apply = [kubectl, 'apply', '--server-side', '-f', file('all.yaml')];

  const charted = `${id}-helm`;
  mkdirSync(file('chart/templates'), { recursive: true });
  writeFileSync(file('chart/Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  const chart = (changed: number): void =>
    writeFileSync(
      file('chart/templates/all.yaml'),
      rendered(charted, changed).replaceAll('{{', "{{ '{{' }}"),
    );
  chart(0);
  const upgrade = [
    tools.helm,
    'upgrade',
    '--install',
    'bench',
    file('chart'),
    '--namespace',
    charted,
    '--create-namespace',
  ];

  const grouped = `${id}-kapp`;
  writeFileSync(file('kapp.yaml'), rendered(grouped, 0));
  const kapp = [tools.kapp ?? '', 'deploy', '--yes', '--app', 'bench', '--namespace', grouped];
  const together = [...kapp, '--file', file('kapp.yaml')];

  const looped = `${id}-loop`;
  const objects = parseAllDocuments(rendered(looped, 0)).map((document) => document.toJS());
  writeFileSync(file('objects.json'), JSON.stringify(objects));
  return [
    {
      namespace: `${id}-default`,
      env: own,
      begin: async () => {},
      change: () => writeFileSync(file('paas.yaml'), appOf(id, size, 1)),
      steps: {
        fresh: { name: 'paas fresh', command: paas('deploy') },
        'no change': { name: 'paas no change', command: paas('deploy') },
        diff: { name: 'paas diff', command: paas('diff'), codes: [2] },
        'one change': { name: 'paas one change', command: paas('deploy') },
      },
    },
    {
      namespace: applied,
      env,
      begin: make(applied),
      change: () => writeFileSync(file('all.yaml'), rendered(applied, 1)),
      steps: {
        fresh: { name: 'kubectl fresh', command: apply },
        'no change': { name: 'kubectl no change', command: apply },
        diff: {
          name: 'kubectl diff',
          command: [kubectl, 'diff', '--server-side', '-f', file('all.yaml')],
          codes: [1],
        },
        'one change': { name: 'kubectl one change', command: apply },
      },
    },
    {
      namespace: charted,
      env,
      begin: async () => {},
      change: () => chart(1),
      steps: {
        fresh: { name: 'helm fresh', command: upgrade },
        'no change': { name: 'helm no change', command: upgrade },
        'one change': { name: 'helm one change', command: upgrade },
      },
    },
    ...(tools.kapp === undefined
      ? []
      : [
          {
            namespace: grouped,
            env: { ...env, KAPP_KUBECONFIG_CONTEXT: env.PAAS_TEST_CONTEXT! },
            begin: make(grouped),
            change: () => writeFileSync(file('kapp.yaml'), rendered(grouped, 1)),
            steps: {
              fresh: { name: 'kapp fresh', command: together },
              'no change': { name: 'kapp no change', command: together },
              diff: {
                name: 'kapp diff',
                command: [...together, '--diff-run', '--diff-exit-status'],
                codes: [3],
              },
              'one change': { name: 'kapp one change', command: together },
            },
          },
        ]),
    {
      namespace: looped,
      env,
      begin: make(looped),
      change: () => {},
      steps: {
        fresh: {
          name: 'loop fresh',
          command: [process.execPath, join(import.meta.dirname, 'patch-loop.ts'), file('objects.json')],
        },
      },
    },
  ];
}

async function countRequests(
  folder: string,
  id: string,
  size: number,
  env: Readonly<Record<string, string>>,
  tools: Tools,
  requests: Map<string, number>,
  used: string[],
): Promise<void> {
  const proxy = await openApiProxy(folder);
  try {
    const through = { ...env, KUBECONFIG: proxy.env.KUBECONFIG, PAAS_TEST_CONTEXT: 'proxy' };
    const apps = prepare(join(folder, id), id, size, through, tools);
    used.push(...apps.map(({ namespace }) => namespace));
    for (const app of apps) {
      await app.begin();
      for (const step of ['fresh', 'no change', 'diff', 'one change'] as const) {
        if (step === 'diff') app.change();
        const subject = app.steps[step];
        if (!subject) continue;
        const before = proxy.seen.length;
        await take(subject, app.env);
        requests.set(subject.name, proxy.seen.length - before);
      }
    }
  } finally {
    await proxy.close();
  }
}

/** A cluster that is far away: every request takes longer by as much. */
async function benchLatency(
  folder: string,
  env: Readonly<Record<string, string>>,
  used: string[],
): Promise<void> {
  const proxy = await openApiProxy(folder);
  proxy.decide = () => ({ do: 'delay', milliseconds: latency });
  try {
    const through = { ...env, KUBECONFIG: proxy.env.KUBECONFIG, PAAS_TEST_CONTEXT: 'proxy' };
    const taken = new Map<string, Taken[]>();
    for (let round = 0; round < rounds; round++) {
      const id = `far-${round}-${Date.now().toString(36)}`;
      const apps = prepare(join(folder, id), id, all[1]!, through, { helm: '', kapp: undefined }).filter(
        ({ namespace }) => !/helm|loop/.test(namespace),
      );
      used.push(...apps.map(({ namespace }) => namespace));
      for (const app of apps) {
        await app.begin();
        const subject = app.steps.fresh!;
        taken.set(subject.name, [...(taken.get(subject.name) ?? []), await take(subject, app.env)]);
      }
    }
    const [ours, theirs] = ['paas fresh', 'kubectl fresh'].map((name) => median(taken.get(name)!).wall) as [
      number,
      number,
    ];
    const ratio = ours / theirs;
    console.log(
      `\n${all[1]! * objectsEach} objects, ${latency} ms before the API: paas ${ours.toFixed(0)} ms, kubectl ${theirs.toFixed(0)} ms: ${ratio.toFixed(2)} x  goal 0.33 x: ${ratio <= 0.334 ? 'met' : 'MISSED'}`,
    );
  } finally {
    await proxy.close();
  }
}

/** Runs a program and looks at what it takes: its memory and CPU as the kernel counts them, until it ends. */
async function take(
  { name, command, codes = [0] }: Subject,
  env: Readonly<Record<string, string>>,
): Promise<Taken> {
  const [file, ...args] = command as [string, ...string[]];
  const begun = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let ended = false;
  const code = new Promise<number | null>((resolve) => {
    child.on('close', (value) => {
      ended = true;
      resolve(value);
    });
  });
  let [cpu, memory] = [0, 0];
  while (!ended) {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      // Clock ticks of 10 ms: user and system.
      cpu = Math.max(cpu, (Number(stat[11]) + Number(stat[12])) * 10);
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      memory = Math.max(memory, Number(peak ?? 0) / 1024);
    } catch {
      // It has just ended.
    }
    await sleep(10);
  }
  const wall = performance.now() - begun;
  const status = await code;
  if (!codes.includes(status ?? -1)) throw new Error(`${name} ended with ${status}: ${said.slice(-2000)}`);
  return { wall, cpu, memory };
}

function median(all: readonly Taken[]): Taken {
  return [...all].sort((a, b) => a.wall - b.wall)[Math.floor(all.length / 2)]!;
}

function appOf(id: string, size: number, changed: number, namespace?: string): string {
  const components = Array.from(
    { length: size },
    (_, n) => `  c${n}: {<<: *common, env: {LOG_LEVEL: ${n < changed ? 'debug' : 'info'}, REGION: north}}\n`,
  );
  return `app: ${id}
x-common: &common
  image: registry.example.com/shop@sha256:${'ab'.repeat(32)}
  command: [work, --all]
  run: on_demand
  files: {/etc/shop/shop.yml: {content: "title: Our shop\\nworkers: 4\\n"}}
  resources: {cpu: 250m, memory: 128Mi}
components:
${components.join('')}${namespace ? `environments: {default: {namespace: ${namespace}}}\n` : ''}`;
}
