import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as runProgram } from '../cluster/run.ts';
import { toolPath } from '../cluster/tools.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { writeKubernetesSchemas } from './kubernetes-schemas.ts';
import { measure, type Subject } from './measure.ts';

const sizes = [1, 10, 100, 1000];
/** So many components are compared with a peer. */
const compared = 100;

/** How long `paas validate` takes for an app of so many components, and what each of them adds. */
export async function run(): Promise<void> {
  const folder = makeTemporaryFolder();
  try {
    const node = process.execPath;
    const subjects = sizes.map((size) => {
      const file = join(folder, `${size}.yaml`);
      writeFileSync(file, appOf(size));
      return { name: String(size), command: [node, program, 'validate', '--file', file] };
    });
    const peer = await peerOf(join(folder, `${compared}.yaml`), folder);
    const times = measure([{ name: 'node -e 0', command: [node, '-e', '0'] }, ...subjects, peer], 11);
    const base = times.get('1')!;
    console.log(`node -e 0          ${times.get('node -e 0')!.toFixed(0).padStart(5)} ms`);
    for (const size of sizes) {
      const time = times.get(String(size))!;
      const each =
        size === 1 ? '' : `  ${((time - base) / (size - 1)).toFixed(2).padStart(6)} ms for each more`;
      console.log(`${String(size).padStart(4)} components    ${time.toFixed(0).padStart(5)} ms${each}`);
    }
    const each = (size: number): number => (times.get(String(size))! - base) / (size - 1);
    const growth = each(1000) / each(100);
    console.log(
      `cost for each, 1000 against 100: ${growth.toFixed(2)} x  goal 1.25 x: ${growth <= 1.25 ? 'met' : 'MISSED'}`,
    );
    const theirs = times.get(peer.name)!;
    const ratio = times.get(String(compared))! / theirs;
    console.log(
      `${peer.name}    ${theirs.toFixed(0).padStart(5)} ms  for the ${peer.objects} objects that ${compared} components become`,
    );
    console.log(
      `${compared} components against kubeconform: ${ratio.toFixed(2)} x  goal 1 x: ${ratio <= 1 ? 'met' : 'MISSED'}`,
    );
    if (growth > 1.25 || ratio > 1) process.exitCode = 1;
  } finally {
    removeFolder(folder);
  }
}

/** What a team without paas would run: kubeconform on the manifests, with Kubernetes' own schemas beside it. */
async function peerOf(appFile: string, folder: string): Promise<Subject & { objects: number }> {
  const kubeconform = await toolPath('kubeconform', (line) => console.error(line));
  const manifests = join(folder, 'manifests.yaml');
  const text = await runProgram(process.execPath, [program, 'render', '--file', appFile]);
  writeFileSync(manifests, text);
  const kinds = [...text.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind!);
  const schemas = join(folder, 'schemas');
  mkdirSync(schemas);
  const pattern = await writeKubernetesSchemas(schemas, new Set(kinds));
  const check = (file: string): string[] => [kubeconform, '-strict', '-schema-location', pattern, file];
  // A peer that finds nothing wrong would be no peer.
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, text.replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem'));
  const { status, stdout } = spawnSync(kubeconform, check(broken).slice(1), { encoding: 'utf8' });
  if (status !== 1 || !stdout.includes('readOnlyRootFileSystem'))
    throw new Error(`kubeconform doesn't check: ${stdout}`);
  return { name: 'kubeconform', command: check(manifests), objects: kinds.length };
}

/** An app of programs as people have them: some keys each, no two alike. */
function appOf(size: number): string {
  const component = (n: number): string => `  web-${n}:
    image: registry.example.com/shop/web-${n}:1.${n}
    port: ${8000 + n}
    instances: 2
    env: {LOG_LEVEL: info, NAME: web-${n}, PEER: web-${(n + 1) % size}}
    resources: {cpu: 250m, memory: 128Mi}
    health: {http: /healthz, interval: 10s}
`;
  return `app: bench\ncomponents:\n${Array.from({ length: size }, (_, n) => component(n)).join('')}`;
}
