// `npm run check`: types, lint and format, and the map of the rooms. Seconds, no cluster.
import { execa } from 'execa';

const steps: readonly [string, readonly string[]][] = [
  ['tsc', ['--project', '.']],
  ['biome', ['check', '.']],
  ['vitest', ['run', '--config', 'test/vitest.config.ts', 'test/architecture.test.ts']],
];

for (const [program, args] of steps) {
  process.stderr.write(`${program} ${args.join(' ')}\n`);
  const { exitCode } = await execa(program, args, { preferLocal: true, stdio: 'inherit', reject: false });
  if (exitCode !== 0) process.exit(exitCode ?? 1);
}
