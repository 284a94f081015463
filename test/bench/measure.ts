import { spawnSync } from 'node:child_process';

export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

/** Medians in milliseconds of whole processes, by subject. They take turns, so that a slow moment hits all alike. */
export function measure(subjects: readonly Subject[], rounds: number): Map<string, number> {
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const { name, command, cwd } of subjects) {
      const [program, ...args] = command as [string, ...string[]];
      const begun = performance.now();
      const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
      const took = performance.now() - begun;
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
      // The first rounds fill caches.
      if (round >= 0) times.get(name)!.push(took);
    }
  }
  return new Map([...times].map(([name, taken]) => [name, median(taken)]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
