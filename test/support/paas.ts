import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { checkEvents } from './check-events.ts';

export const root = join(import.meta.dirname, '..', '..');
export const program = join(root, 'bin', 'paas.js');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a person sees them. */
  readonly all: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Record<string, string | undefined>;
  readonly timeout?: number;
}

/** Runs the program as it is shipped, without a terminal. */
export async function paas(args: readonly string[], options: RunOptions): Promise<Run> {
  const result = await execa(process.execPath, [program, ...args], runOptions(options));
  if (args.includes('--json')) checkEvents(text(result.stdout));
  return {
    code: result.exitCode ?? -1,
    stdout: text(result.stdout),
    stderr: text(result.stderr),
    all: text(result.all),
  };
}

/** Starts the program and gives it running, to be interrupted. */
export function startPaas(args: readonly string[], options: RunOptions) {
  const run = execa(process.execPath, [program, ...args], { ...runOptions(options), buffer: true });
  // One that is killed may end within a line.
  if (args.includes('--json'))
    void run.then(({ stdout, isTerminated }) => checkEvents(text(stdout), isTerminated));
  return run;
}

/** Without what the test runner sets for itself. */
const asUsers = { NODE_ENV: undefined, FORCE_COLOR: undefined, NO_COLOR: undefined };

function runOptions({ cwd, env, timeout = 280_000 }: RunOptions) {
  // In the tests' cluster, whatever the machine's own kubeconfig says.
  const context = process.env.PAAS_TEST_CONTEXT;
  return {
    cwd,
    env: { ...asUsers, ...(context && { PAAS_CONTEXT: context }), ...env },
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout,
    // A signal is one signal: what follows from it is what is tested.
    forceKillAfterDelay: false,
  } satisfies Options;
}

function text(output: unknown): string {
  return typeof output === 'string' ? output : '';
}
