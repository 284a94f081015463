import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { program, type RunOptions } from './paas.ts';

/** A program at a terminal, as a person has it before them. */
export interface AtTerminal {
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** Until a text stands on the screen, after what was waited for before. */
  readonly until: (text: string) => Promise<void>;
  /** Its process. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly end: Promise<Ended>;
}

export interface Ended {
  readonly code: number;
  /** All that stood there, without colours. */
  readonly screen: string;
  /** Whether the terminal was given back as it was. */
  readonly restored: boolean;
}

/** Keys as a terminal sends them. */
export const keys = {
  enter: '\r',
  space: ' ',
  controlC: '\u0003',
  clearLine: '\u0015',
} as const;

/** A control sequence whose last character hasn't come yet. */
const unfinished = /\u001b(\[[0-9;?]*)?$/;

/** What a person types once a text stands on the screen after the last answer. */
export interface Reply {
  readonly at: string;
  readonly type: string;
}

/** Runs the program at a terminal, replies to what it asks, and gives how it ended. */
export async function converse(
  args: readonly string[],
  cwd: string,
  replies: readonly Reply[],
): Promise<Ended> {
  const run = paasAtTerminal(args, { cwd });
  for (const { at, type } of replies) {
    await run.until(at);
    run.type(type);
  }
  return run.end;
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
  let rest = '';
  let seen = 0;
  const waiting = new Set<() => void>();
  const decoder = new StringDecoder('utf8');
  run.all.on('data', (chunk: Buffer) => {
    rest += decoder.write(chunk);
    // What controls the terminal may come in two pieces: its beginning is held back until the rest is there.
    const end = unfinished.exec(rest)?.index ?? rest.length;
    screen += stripVTControlCharacters(rest.slice(0, end));
    rest = rest.slice(end);
    for (const look of waiting) look();
  });
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!screen.includes(text, seen)) return;
        seen = screen.length;
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
      if (said('pid') === '') await until('pid=');
      process.kill(Number(said('pid')), signal);
    },
    until,
    end: run.then(({ exitCode }) => ({
      code: exitCode ?? -1,
      screen: screen.replaceAll('\r', ''),
      restored: said('before') !== '' && said('before') === said('after'),
    })),
  };
}
