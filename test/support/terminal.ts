import { execa } from 'execa';
import { program, type RunOptions } from './paas.ts';

/** A program at a terminal, as a person has it before them. */
export interface AtTerminal {
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** Until a text stands on the screen. */
  readonly until: (text: string) => Promise<void>;
  /** Its process. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly end: Promise<{ readonly code: number; readonly screen: string; readonly restored: boolean }>;
}

/**
 * Runs the program at a terminal of the kernel's, which `script` of util-linux makes. What is set on the terminal
 * before and after tells whether it was given back as it was.
 */
export function paasAtTerminal(args: readonly string[], { cwd, env }: RunOptions): AtTerminal {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const lines = [
    'stty cols 80 rows 24',
    'echo "tty=$(tty)" "before=$(stty -g)"',
    `sh -c 'echo "pid=$$"; exec "$@"' sh ${words}`,
    'code=$?',
    'echo "after=$(stty -g)"',
    'exit $code',
  ];
  const context = process.env.PAAS_TEST_CONTEXT;
  const run = execa('script', ['--quiet', '--return', '--command', lines.join('; '), '/dev/null'], {
    cwd,
    env: { NODE_ENV: undefined, NO_COLOR: '1', ...(context && { PAAS_CONTEXT: context }), ...env },
    stdin: 'pipe',
    reject: false,
    all: true,
    timeout: 120_000,
  });
  let screen = '';
  const waiting = new Set<() => void>();
  run.all.on('data', (chunk) => {
    screen += chunk;
    for (const look of waiting) look();
  });
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!screen.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      run.then(() => reject(new Error(`It ended without "${text}":\n${screen}`)), reject);
    });
  const said = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(screen)?.[1] ?? '';
  return {
    type: (text) => void run.stdin.write(text),
    resize: async (columns, rows) => {
      await execa('stty', ['-F', said('tty'), 'cols', String(columns), 'rows', String(rows)]);
    },
    kill: async (signal) => {
      await until('pid=');
      process.kill(Number(said('pid')), signal);
    },
    until,
    end: run.then(({ exitCode }) => ({
      code: exitCode ?? -1,
      screen,
      restored: said('before') !== '' && said('before') === said('after'),
    })),
  };
}
