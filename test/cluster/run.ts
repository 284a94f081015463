import { spawn } from 'node:child_process';

/** A program that ended badly, with what it said. */
export class ProgramFailed extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.name = 'ProgramFailed';
    this.output = output;
  }
}

/** Runs a program to its end and gives what it wrote to stdout. Throws with the last lines of what it said. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<string> {
  const { cwd, env, input, signal } = options;
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    // SIGTERM at first: a package manager or compiler that is killed hard leaves its locks and temporary files.
    const child = spawn(program, args, { cwd, env, signal, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      all += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      all += chunk;
    });
    child.stdin.on('error', () => {}).end(input ?? '');
    child.once('error', (error) => fail(signal?.aborted ? signal.reason : error));
    child.once('close', (code, name) => {
      if (code === 0) return done(stdout);
      const shown = [program, ...args].join(' ');
      const said = all.trimEnd().split('\n').slice(-15).join('\n');
      fail(new ProgramFailed(`${shown.slice(0, 200)} ended with ${name ?? `code ${code}`}:\n${said}`, all));
    });
  });
}
