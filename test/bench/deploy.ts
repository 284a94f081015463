import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { run as runProgram } from '../cluster/run.ts';
import { toolPath } from '../cluster/tools.ts';
import { openApiProxy } from '../support/api-proxy.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { borrowCluster } from '../support/test-cluster.ts';

// `npm run bench -- deploy`: what a deploy costs beside kubectl, Helm and a bare loop of the same PATCHes, on one
// cluster and in one run. Objects without instances: what the programs do is measured, not how long a pod takes.

/** Objects that each component becomes: a ServiceAccount, a ConfigMap and a suspended CronJob. */
const objectsEach = 3;
const sizes = [3, 27, 267];
const rounds = 3;
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
  await borrowCluster(undefined, say, async ({ env }) => {
    Object.assign(process.env, env);
    const folder = makeTemporaryFolder();
    const used: string[] = [];
    try {
      const helm = await toolPath('helm', say);
      for (const size of sizes) await benchSize(folder, size, env, helm, used);
      await benchLatency(folder, env, used);
    } finally {
      const kubectl = env.PAAS_TEST_KUBECTL!;
      await runProgram(kubectl, ['delete', 'namespace', ...used, '--wait=false', '--ignore-not-found']);
      removeFolder(folder);
    }
  });
}

async function benchSize(
  folder: string,
  size: number,
  env: Readonly<Record<string, string>>,
  helm: string,
  used: string[],
): Promise<void> {
  const taken = new Map<string, Taken[]>();
  const note = (name: string, one: Taken): void => {
    taken.set(name, [...(taken.get(name) ?? []), one]);
  };
  const requests = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const id = `bench-${size}-${round}-${Date.now().toString(36)}`;
    const apps = prepare(join(folder, id), id, size, env, helm);
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
    if (round === 0) await countRequests(folder, `${id}-counted`, size, env, helm, requests, used);
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
  const ratio = (a: string, b: string): number => middle(a).wall / middle(b).wall;
  const tell = (what: string, value: number, most: number): void => {
    console.log(`${what}: ${value.toFixed(2)} x  goal ${most} x: ${value <= most ? 'met' : 'MISSED'}`);
    if (value > most) process.exitCode = 1;
  };
  if (size === sizes[0]) tell('fresh against helm', ratio('paas fresh', 'helm fresh'), 1);
  if (size === sizes.at(-1)) {
    tell('fresh against kubectl', ratio('paas fresh', 'kubectl fresh'), 1);
    tell('fresh against a bare loop', ratio('paas fresh', 'loop fresh'), 1.3);
    const fastest = Math.min(middle('kubectl no change').wall, middle('helm no change').wall);
    tell('no change against the fastest peer', middle('paas no change').wall / fastest, 0.25);
    tell('diff of one change against kubectl diff', ratio('paas diff', 'kubectl diff'), 0.25);
    const memory = Math.max(
      ...[...taken].flatMap(([name, all]) => (/^paas/.test(name) ? all : [])).map((one) => one.memory),
    );
    tell('memory of paas, of 200 MB', memory / 200, 1);
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
  helm: string,
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
    helm,
    'upgrade',
    '--install',
    'bench',
    file('chart'),
    '--namespace',
    charted,
    '--create-namespace',
  ];

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
  helm: string,
  requests: Map<string, number>,
  used: string[],
): Promise<void> {
  const proxy = await openApiProxy(folder);
  try {
    const through = { ...env, KUBECONFIG: proxy.env.KUBECONFIG, PAAS_TEST_CONTEXT: 'proxy' };
    const apps = prepare(join(folder, id), id, size, through, helm);
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
      const apps = prepare(join(folder, id), id, sizes[1]!, through, '').filter(
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
      `\n${sizes[1]! * objectsEach} objects, ${latency} ms before the API: paas ${ours.toFixed(0)} ms, kubectl ${theirs.toFixed(0)} ms: ${ratio.toFixed(2)} x  goal 0.33 x: ${ratio <= 0.334 ? 'met' : 'MISSED'}`,
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
  image: registry.example.com/shop:1.4
  command: [work, --all]
  run: on_demand
  files: {/etc/shop/shop.yml: {content: "title: Our shop\\nworkers: 4\\n"}}
  resources: {cpu: 250m, memory: 128Mi}
components:
${components.join('')}${namespace ? `environments: {default: {namespace: ${namespace}}}\n` : ''}`;
}
