import { kill } from 'node:process';
import { execa } from 'execa';
import type { Invocation } from './tool-arguments.ts';

/** Milliseconds between the friendly end of a tool and the hard one. */
const grace = 10_000;

export interface ToolRun {
  readonly exitCode: number | undefined;
  /** Its last lines, at most 400. */
  readonly lines: readonly string[];
}

/**
 * Runs a build tool and gives each line as it comes, of both of its outputs. It gets a process group of its own: when
 * the signal comes, all of it is ended, so that no program of a RUN step stays behind. Throws what the signal was
 * aborted with.
 */
export async function* runTool(
  { program, args, env }: Invocation,
  signal: AbortSignal,
): AsyncGenerator<string, ToolRun> {
  signal.throwIfAborted();
  const child = execa(program, args, {
    env,
    all: true,
    buffer: false,
    reject: false,
    detached: true,
    stdin: 'ignore',
    // So that no tool thinks of a terminal and draws.
    extendEnv: true,
  });
  let hard: NodeJS.Timeout | undefined;
  const end = (): void => {
    endGroup(child.pid, 'SIGTERM');
    hard = setTimeout(() => endGroup(child.pid, 'SIGKILL'), grace);
  };
  signal.addEventListener('abort', end, { once: true });
  const lines: string[] = [];
  let ended = false;
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      lines.push(line);
      if (lines.length > 400) lines.shift();
      yield line;
    }
    const { exitCode } = await child;
    ended = true;
    signal.throwIfAborted();
    return { exitCode, lines };
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(hard);
    // Who stops reading wants no build either; and what a tool left of its group is ended with it.
    if (!ended) endGroup(child.pid, 'SIGTERM');
    if (signal.aborted) endGroup(child.pid, 'SIGKILL');
  }
}

function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
