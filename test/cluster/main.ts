import { parseArgs } from 'node:util';
import { type ClusterStatus, DEFAULT_NAME, down, status, up } from './cluster.ts';
import { bringExtras } from './extras/bring.ts';
import { EXTRA_NAMES, type ExtraName } from './extras/extra.ts';
import { MissingRequirements } from './requirements.ts';

const USAGE = `Usage: node test/cluster/main.ts <command> [options]

  up       bring a Kubernetes cluster up on this machine, and wait until it can be used
  down     take it away, with everything it made
  status   say what runs (exit code 1 when it can't be used)

  --name NAME        which cluster (${DEFAULT_NAME}); several can run side by side
  --with NAMES       up: with these extras, separated by commas: ${EXTRA_NAMES.join(', ')}
  --control-plane    up: only etcd and the API server, in seconds and without root; no pods
  --json             status: as JSON`;

const started = Date.now();
let failure = 1;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string', default: DEFAULT_NAME },
      with: { type: 'string' },
      'control-plane': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { name } = values;
  const extras = extraNames(values.with);
  const [command] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  switch (command) {
    case 'up': {
      const stop = new AbortController();
      for (const [signal, code] of [
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        // A second one must not cut the cleaning short.
        process.on(signal, () => {
          failure = code;
          stop.abort(new Error(`stopped by ${signal}`));
        });
      }
      await up({ name, controlPlaneOnly: values['control-plane'], onProgress, signal: stop.signal });
      await bringExtras(name, extras, { onProgress, signal: stop.signal });
      print(await status({ name }), values.json);
      return 0;
    }
    case 'down':
      await down({ name, onProgress });
      onProgress(`the cluster ${name} is down`);
      return 0;
    case 'status': {
      const now = await status({ name });
      print(now, values.json);
      return now.state === 'healthy' ? 0 : 1;
    }
    default:
      console.error(USAGE);
      return 1;
  }
}

function extraNames(list: string | undefined): ExtraName[] {
  return (list ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const known = EXTRA_NAMES.find((one) => one === name);
      if (!known) throw new Error(`"${name}" is no extra. There are: ${EXTRA_NAMES.join(', ')}`);
      return known;
    });
}

function onProgress(line: string): void {
  console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

function print(now: ClusterStatus, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(now, null, 2));
    return;
  }
  const { info } = now;
  const row = (key: string, value: string): void => console.log(`${key.padEnd(12)}${value}`);
  row('cluster', `${now.name}, ${now.state}${info?.controlPlaneOnly ? ', control plane only' : ''}`);
  for (const problem of now.problems) row('problem', problem);
  if (now.daemons.length > 0) {
    row('processes', now.daemons.map((daemon) => `${daemon.name} ${daemon.pid ?? '-'}`).join(', '));
  }
  if (!info) return;
  row(
    'versions',
    Object.entries(info.versions)
      .map(([part, version]) => `${part} ${version}`)
      .join(', '),
  );
  row('server', info.server);
  if (info.registry) row('registry', `push to ${info.registry}, refer to it as ${info.registryInCluster}`);
  row('kubectl', info.kubectl);
  row('kubeconfig', info.kubeconfig);
  row('use it', `export KUBECONFIG=${info.kubeconfig}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof MissingRequirements ? message : `failed: ${message}`);
  process.exitCode = failure;
}
