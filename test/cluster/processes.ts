import { existsSync, readdirSync } from 'node:fs';
import { lines, output, read } from './read.ts';
import { pause } from './wait.ts';

export type Process = { readonly pid: number; readonly args: readonly string[] };

/** All processes of the machine with their arguments. */
export function processes(): Process[] {
  if (!existsSync('/proc/self/cmdline')) return processesByPs();
  const found: Process[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = read(`/proc/${entry}/cmdline`);
    // A zombie has no arguments; its parent has yet to hear of its end, but it does nothing any more.
    if (line) found.push({ pid: Number(entry), args: line.replace(/\0$/, '').split('\0') });
  }
  return found;
}

/**
 * The processes that `up` started for the cluster with this folder of programs. They are known by the path
 * they were started under, which no process of a user has (a kubeconfig's path among the arguments proves
 * nothing), and which is there however early `up` was killed, before any pid could have been noted.
 */
export function processesOf(programs: string): Process[] {
  return processes().filter(({ args }) => args[0]?.startsWith(`${programs}/`));
}

/**
 * Ends processes for good and waits until they are gone. Those that `waits` says yes to only wait for others,
 * and their end tells that those are gone for good; they are ended themselves only when they outlast their time.
 */
export async function kill(
  list: () => readonly Process[],
  waits: (process: Process) => boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const left = list();
    if (left.length === 0) return;
    if (Date.now() > end) {
      throw new Error(
        `these processes don't end: ${left.map(({ pid, args }) => `${pid} ${args[0]}`).join(', ')}`,
      );
    }
    const grace = end - timeoutMs / 2 > Date.now();
    for (const one of left) {
      try {
        // One that has been stopped has to go on to see that its wait is over.
        process.kill(one.pid, grace && waits(one) ? 'SIGCONT' : 'SIGKILL');
      } catch {
        // Already gone.
      }
    }
    await pause(30);
  }
}

/** Without /proc (macOS), the arguments come joined by blanks; enough to look for a path in them. */
function processesByPs(): Process[] {
  return lines(output('ps', ['-axo', 'pid=,args='])).map((line) => {
    const [pid = '', ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), args };
  });
}
