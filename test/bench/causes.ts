import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { toolPath } from '../cluster/tools.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { borrowCluster, type TestCluster } from '../support/test-cluster.ts';

// `npm run bench -- causes`: ten apps that fail, each deployed by every program at the same time, with the same
// manifests, on one cluster (PAAS_TEST_CONTEXT names one of your own). How long until its output says why? What must be
// in it is the same text for all: the program's own last words count too, where a person could see the cause in them.

/** Milliseconds that each program gets. */
const longest = 60_000;
/** So many failures at a time: more would measure the machine. */
const atOnce = 2;

interface Failure {
  /** Of test/support/failing-apps.ts. */
  readonly app: string;
  /** Kind of the workload that it becomes. */
  readonly kind: 'deployment' | 'statefulset';
  /** What tells the cause. */
  readonly told: RegExp;
}

const failures: readonly Failure[] = [
  {
    app: 'a program that ends with an error',
    kind: 'deployment',
    told: /exit ?code:? 7|cannot reach database db:5432/i,
  },
  { app: 'too much memory', kind: 'deployment', told: /OOMKilled|out[ -]of[ -]memory|used all of the 32Mi/i },
  {
    app: 'an image that is not there',
    kind: 'deployment',
    told: /the registry has no \S*faulty:9\.9|faulty:9\.9.*not found|ErrImagePull|ImagePullBackOff/i,
  },
  { app: 'an image that runs as root', kind: 'deployment', told: /runs? as root|runAsNonRoot/i },
  { app: 'a secret that is not there', kind: 'deployment', told: /secret "?gone"? (not found|isn't there)/i },
  { app: 'a health check that fails', kind: 'deployment', told: /status(code)?:? 503/i },
  {
    app: 'a program that listens on localhost only',
    kind: 'deployment',
    told: /127\.0\.0\.1:8080|localhost only/,
  },
  { app: 'no room on any node', kind: 'deployment', told: /Insufficient cpu|too little cpu/i },
  { app: 'a quota without room', kind: 'deployment', told: /exceeded quota|quota few has no room/i },
  {
    app: 'a volume of a class that is not there',
    kind: 'statefulset',
    told: /(storageclass|storage class)\S* "?nope\b/i,
  },
];

/** Something that brings an app to a cluster and says how that went. */
interface Way {
  readonly name: string;
  /** Runs one after the other; what they write is one text. */
  readonly commands: readonly (readonly string[])[];
  readonly namespace: string;
}

interface Told {
  /** Milliseconds until the cause was said; undefined where it never was. */
  readonly after: number | undefined;
  readonly text: string;
}

export async function run(): Promise<void> {
  const say = (line: string): void => console.error(line);
  await borrowCluster(process.env.PAAS_TEST_CONTEXT, say, async (cluster) => {
    Object.assign(process.env, cluster.env, { PAAS_CONTEXT: cluster.context });
    const tools = await bringTools(say);
    // What they say of the cluster is read when they are loaded.
    const { failingApps } = await import('../support/failing-apps.ts');
    const { kubectl } = await import('../support/cluster.ts');
    const folder = makeTemporaryFolder();
    const used: string[] = [];
    const rows = new Map<Failure, Map<string, Told>>();
    const bench = async (failure: Failure, number: number): Promise<void> => {
      const { yaml, prepare } = failingApps[failure.app]!;
      const id = `bench-${number}-${Date.now().toString(36)}`;
      const own = join(folder, id);
      mkdirSync(own);
      writeFileSync(join(own, 'paas.yaml'), `app: ${id}\n${yaml}`);
      const ways = await waysOf(own, id, failure, tools, cluster);
      for (const { name, namespace } of ways) {
        used.push(namespace);
        if (prepare) await prepare({ name: id, folder: own, namespace });
        else if (name !== 'paas') await kubectl('create', 'namespace', namespace);
      }
      const told = await Promise.all(
        ways.map(async (way) => [way.name, await follow(way, failure)] as const),
      );
      rows.set(failure, new Map(told));
      say(`  ${failure.app}`);
    };
    try {
      for (let first = 0; first < failures.length; first += atOnce) {
        const now = failures.slice(first, first + atOnce);
        await Promise.all(now.map((failure, index) => bench(failure, first + index)));
      }
      print(rows);
      if (process.env.PAAS_BENCH_TEXT) printTexts(rows);
    } finally {
      await kubectl('delete', 'namespace', ...used, '--wait=false', '--ignore-not-found');
      removeFolder(folder);
    }
  });
}

type Tools = Readonly<Partial<Record<'helm' | 'kapp' | 'nelm', string>>>;

/** The peers that can be had: each is built from its Go modules. */
async function bringTools(say: (line: string) => void): Promise<Tools> {
  const found: [string, string][] = [];
  for (const name of ['helm', 'kapp', 'nelm'] as const) {
    try {
      found.push([name, await toolPath(name, say)]);
    } catch (error) {
      say(`without ${name}, which can't be built here: ${String(error).split('\n')[0]}`);
    }
  }
  return Object.fromEntries(found);
}

/** Each program with the same app, in a namespace of its own. */
async function waysOf(
  folder: string,
  id: string,
  { kind }: Failure,
  { helm, kapp, nelm }: Tools,
  { env, context }: TestCluster,
): Promise<Way[]> {
  const seconds = `${longest / 1000}s`;
  const file = join(folder, 'paas.yaml');
  const namespaceOf = (name: string): string => `${id}-${name}`;
  const rendered = async (name: string): Promise<string> => {
    const namespace = namespaceOf(name);
    const args = [program, 'render', '--file', file];
    const { stdout } = await execa(process.execPath, args);
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, stdout.replaceAll(`namespace: ${id}-default`, `namespace: ${namespace}`));
    return path;
  };
  const chart = async (name: string): Promise<string> => {
    const path = join(folder, `chart-of-${name}`);
    mkdirSync(join(path, 'templates'), { recursive: true });
    writeFileSync(join(path, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    const { stdout } = await execa('cat', [await rendered(name)]);
    writeFileSync(join(path, 'templates', 'all.yaml'), stdout);
    return path;
  };
  const kubectl = [env.PAAS_TEST_KUBECTL!, '--context', context];
  const inKubectl = ['--namespace', namespaceOf('kubectl')];
  const ways: Way[] = [
    {
      name: 'paas',
      namespace: `${id}-default`,
      commands: [
        [process.execPath, program, 'deploy', '--file', file, '--on-failure', 'keep', '--timeout', seconds],
      ],
    },
    {
      name: 'kubectl',
      namespace: namespaceOf('kubectl'),
      commands: [
        [...kubectl, 'apply', '--server-side', '-f', await rendered('kubectl')],
        [...kubectl, 'rollout', 'status', `${kind}/web`, ...inKubectl, `--timeout=${seconds}`],
      ],
    },
  ];
  if (helm) {
    const of = ['web', await chart('helm'), '--namespace', namespaceOf('helm'), '--kube-context', context];
    ways.push({
      name: 'helm',
      namespace: namespaceOf('helm'),
      commands: [[helm, 'upgrade', '--install', ...of, '--wait', '--timeout', seconds]],
    });
  }
  if (kapp) {
    const of = ['-a', 'web', '-n', namespaceOf('kapp'), '-f', await rendered('kapp')];
    const on = ['--kubeconfig-context', context];
    ways.push({
      name: 'kapp',
      namespace: namespaceOf('kapp'),
      commands: [[kapp, 'deploy', ...of, ...on, '--yes', '--wait-timeout', seconds]],
    });
  }
  if (nelm) {
    const of = ['-r', 'web', '-n', namespaceOf('nelm'), '--kube-context', context];
    ways.push({
      name: 'nelm',
      namespace: namespaceOf('nelm'),
      commands: [[nelm, 'release', 'install', ...of, '--timeout', seconds, await chart('nelm')]],
    });
  }
  return ways;
}

/** Until the cause is said, the commands have ended, or the time is over. */
async function follow({ commands }: Way, { told }: Failure): Promise<Told> {
  const begun = performance.now();
  let text = '';
  let after: number | undefined;
  for (const [file = '', ...args] of commands) {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    // Some wait until they are killed, whatever time they were given.
    const late = setTimeout(() => child.kill('SIGKILL'), longest + 5_000 - (performance.now() - begun));
    const hear = (chunk: Buffer): void => {
      text += stripVTControlCharacters(chunk.toString());
      if (after !== undefined || !told.test(text)) return;
      after = performance.now() - begun;
      // All there is to know: an interrupted deploy leaves its lock behind in no program.
      child.kill('SIGINT');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(late);
    if (after !== undefined) break;
  }
  return { after, text };
}

function print(rows: ReadonlyMap<Failure, ReadonlyMap<string, Told>>): void {
  const all = [...rows].sort(([a], [b]) => failures.indexOf(a) - failures.indexOf(b));
  const names = [...(all[0]?.[1].keys() ?? [])];
  const line = (first: string, cells: readonly string[]): void =>
    console.log(`${first.padEnd(44)}${cells.map((cell) => cell.padStart(9)).join('')}`);
  line('seconds until the cause is said', names);
  for (const [{ app }, told] of all)
    line(
      app,
      names.map((name) => shown(told.get(name)?.after)),
    );
  const count = (name: string): number =>
    all.filter(([, told]) => told.get(name)?.after !== undefined).length;
  line(
    'said in all',
    names.map((name) => `${count(name)} of ${all.length}`),
  );
  const first = all.filter(([, told]) => {
    const [ours, ...others] = names.map((name) => told.get(name)?.after ?? Number.POSITIVE_INFINITY);
    return ours! < Number.POSITIVE_INFINITY && others.every((other) => ours! <= other);
  });
  console.log(`"-": not within ${longest / 1000} s. Counted as said, from whichever program:`);
  for (const [{ app, told }] of all) console.log(`  ${app.padEnd(42)} ${told.source}`);
  console.log(`paas says it first in ${first.length} of ${all.length}`);
  const missed = all.length - count('paas');
  console.log(
    `paas says every cause: goal ${all.length} of ${all.length}: ${missed === 0 ? 'met' : 'MISSED'}`,
  );
  if (missed > 0) process.exitCode = 1;
}

/** What each program wrote, to judge the patterns by. */
function printTexts(rows: ReadonlyMap<Failure, ReadonlyMap<string, Told>>): void {
  for (const [{ app }, told] of rows)
    for (const [name, { text }] of told) console.log(`\n=== ${app}: ${name}\n${text.slice(-4000)}`);
}

const shown = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '-' : (milliseconds / 1000).toFixed(1);
