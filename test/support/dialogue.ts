import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { program } from './paas.ts';

/** What a person types once a text stands on the screen after the last answer. */
export interface Reply {
  readonly at: string;
  readonly type: string;
}

/** Keys as a terminal sends them. */
export const keys = {
  enter: '\r',
  space: ' ',
  down: '\u001b[B',
  controlC: '\u0003',
  clearLine: '\u0015',
} as const;

/**
 * Runs the program at a terminal of its own (script of util-linux), replies to what it asks, and gives all that stood
 * on the screen, without colours.
 */
export async function paasAtTerminal(
  args: readonly string[],
  cwd: string,
  replies: readonly Reply[],
): Promise<{ code: number; screen: string }> {
  const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const run = execa('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    env: { NODE_ENV: undefined, FORCE_COLOR: undefined, NO_COLOR: undefined, TERM: 'xterm', COLUMNS: '100' },
    reject: false,
    timeout: 120_000,
  });
  let screen = '';
  let seen = 0;
  const left = [...replies];
  run.stdout.on('data', (chunk) => {
    screen += stripVTControlCharacters(String(chunk));
    const at = left[0] ? screen.indexOf(left[0].at, seen) : -1;
    if (at < 0) return;
    seen = screen.length;
    run.stdin.write(left.shift()!.type);
  });
  const { exitCode } = await run;
  return { code: exitCode ?? -1, screen: screen.replaceAll('\r', '') };
}
