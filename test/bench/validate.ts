import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { program } from '../support/paas.ts';
import { measure } from './measure.ts';

const sizes = [1, 10, 100, 1000];

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
    const times = measure([{ name: 'node -e 0', command: [node, '-e', '0'] }, ...subjects], 11);
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
    if (growth > 1.25) process.exitCode = 1;
  } finally {
    removeFolder(folder);
  }
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
