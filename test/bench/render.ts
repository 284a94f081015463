import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as runProgram } from '../cluster/run.ts';
import { toolPath } from '../cluster/tools.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { measure, type Subject } from './measure.ts';

const sizes = [1, 10, 100, 1000];
/** So many components are compared with peers. */
const compared = 100;
/** Objects that each component becomes. */
const objectsEach = 8;

/** How long `paas render` takes for an app of so many components, and peers for the same objects. */
export async function run(): Promise<void> {
  const folder = makeTemporaryFolder();
  try {
    const node = process.execPath;
    const subjects = sizes.map((size) => {
      const file = join(folder, `${size}.yaml`);
      writeFileSync(file, appOf(size));
      return { name: String(size), command: [node, program, 'render', '--file', file] };
    });
    const peers = await peersOf(folder);
    const times = measure([{ name: 'node -e 0', command: [node, '-e', '0'] }, ...subjects, ...peers], 9);
    const took = (name: string | number): number => times.get(String(name))!;
    const each = (size: number): number => (took(size) - took(1)) / (size - 1);
    console.log(`node -e 0          ${took('node -e 0').toFixed(0).padStart(5)} ms`);
    for (const size of sizes) {
      const more = size === 1 ? '' : `  ${each(size).toFixed(2).padStart(6)} ms for each more`;
      console.log(`${String(size).padStart(4)} components    ${took(size).toFixed(0).padStart(5)} ms${more}`);
    }
    const growth = each(1000) / each(100);
    console.log(`cost for each, 1000 against 100: ${growth.toFixed(2)} x  ${goal(growth, 1.25)}`);
    for (const { name } of peers) {
      const ratio = took(compared) / took(name);
      console.log(
        `${name.padEnd(16)} ${took(name).toFixed(0).padStart(7)} ms for the same ${compared * objectsEach} objects; paas takes ${ratio.toFixed(2)} x  ${name === 'kustomize build' ? goal(ratio, 1) : 'no goal'}`,
      );
    }
    if (growth > 1.25 || took(compared) > took('kustomize build')) process.exitCode = 1;
  } finally {
    removeFolder(folder);
  }
}

const goal = (ratio: number, most: number): string => `goal ${most} x: ${ratio <= most ? 'met' : 'MISSED'}`;

/** The same objects as a kustomize base and as a Helm chart that loops over the components. */
async function peersOf(folder: string): Promise<Subject[]> {
  const say = (line: string): void => console.error(line);
  const [kustomize, helm] = [await toolPath('kustomize', say), await toolPath('helm', say)];
  const all = await render(join(folder, `${compared}.yaml`));
  const base = join(folder, 'base');
  mkdirSync(base);
  writeFileSync(join(base, 'all.yaml'), all);
  writeFileSync(join(base, 'kustomization.yaml'), 'resources: [all.yaml]\n');

  const chart = join(folder, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  const one = await render(join(folder, '1.yaml'));
  const found = one.match(/^kind: /gm)?.length;
  if (found !== objectsEach) throw new Error(`A component becomes ${found} objects, not ${objectsEach}.`);
  const template = one.replaceAll('c0', '{{ . }}');
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  writeFileSync(
    join(chart, 'templates/all.yaml'),
    `{{- range .Values.components }}\n${template}{{- end }}\n`,
  );
  const names = Array.from({ length: compared }, (_, n) => `c${n}`);
  writeFileSync(join(chart, 'values.yaml'), `components: [${names.join(', ')}]\n`);
  return [
    { name: 'kustomize build', command: [kustomize, 'build', base] },
    { name: 'helm template', command: [helm, 'template', 'bench', chart] },
  ];
}

const render = (file: string): Promise<string> =>
  runProgram(process.execPath, [program, 'render', '--file', file]);

/** Components that become a ServiceAccount, ConfigMap, Service, budget, Deployment, HPA, DestinationRule and VirtualService. */
function appOf(size: number): string {
  const components = Array.from({ length: size }, (_, n) => `  c${n}: {<<: *common}\n`);
  return `app: bench
x-common: &common
  image: registry.example.com/shop:1.4
  port: 8080
  env: {LOG_LEVEL: info, GREETING: hello, REGION: north}
  files: {/etc/shop/shop.yml: {content: "title: Our shop\\nworkers: 4\\n"}}
  resources: {cpu: 250m, memory: 128Mi}
  health: {http: /healthz, startup: {tcp: 8080, failures: 30}, liveness: {http: /healthz}}
  traffic: {timeout: 5s, retries: 2, load_balancing: least_request}
  scaling_policy: {min_instances: 2, max_instances: 10, metrics: [{type: cpu, threshold: 80%}]}
components:
${components.join('')}`;
}
