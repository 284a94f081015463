import { join } from 'node:path';
import { program, root } from '../support/paas.ts';
import { measure } from './measure.ts';

const goals = { 'paas --version': 1.5, 'paas validate': 4 };

/** How long it takes to start, against Node.js itself doing nothing. */
export async function run(): Promise<void> {
  const node = process.execPath;
  const times = measure(
    [
      { name: 'node -e 0', command: [node, '-e', '0'] },
      { name: 'paas --version', command: [node, program, '--version'] },
      { name: 'paas validate', command: [node, program, 'validate'], cwd: join(root, 'examples', 'hello') },
      { name: 'paas render', command: [node, program, 'render'], cwd: join(root, 'examples', 'hello') },
      { name: 'paas deploy --help', command: [node, program, 'deploy', '--help'] },
    ],
    21,
  );
  const base = times.get('node -e 0')!;
  for (const [name, time] of times) {
    const goal = (goals as Record<string, number>)[name];
    const ratio = time / base;
    const verdict = goal === undefined ? '' : `  goal ${goal} x: ${ratio <= goal ? 'met' : 'MISSED'}`;
    console.log(
      `${name.padEnd(20)} ${time.toFixed(0).padStart(5)} ms  ${ratio.toFixed(2).padStart(5)} x${verdict}`,
    );
    if (goal !== undefined && ratio > goal) process.exitCode = 1;
  }
}
