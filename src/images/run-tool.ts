import { kill } from 'node:process';
import { execa } from 'execa';
import { endSteps } from './end-steps.ts';
import type { Invocation } from './tool-arguments.ts';

/** Milliseconds between the friendly end of a tool and the hard one. */
const grace = 10_000;
/** Milliseconds in which a tool is to have a step that can be ended, and so to begin to tidy up … */
const beginning = 5_000;
/** … and to have tidied up, which takes long on a busy machine; how often it is looked whether it has begun another step. */
const tidying = 30_000;
const lookAgainAfter = 100;

export interface ToolRun {
  readonly exitCode: number | undefined;
  /** Its last lines, at most 400. */
  readonly lines: readonly string[];
}

/**
 * Runs a build tool and gives each line as it comes, of both of its outputs. It gets a process group of its own: when
 * the signal comes, all of it is ended, so that no program of a RUN step stays behind, and a tool that would leave
 * something in its storage gets a moment to tidy up. Throws what the signal was aborted with.
 */
export async function* runTool(
  { program, args, env, tidiesUp = false }: Invocation,
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
  const end = async (): Promise<void> => {
    if (tidiesUp && child.pid !== undefined) await endBySteps(child.pid, () => ended);
    if (ended) return;
    endGroup(child.pid, 'SIGTERM');
    hard = setTimeout(() => endGroup(child.pid, 'SIGKILL'), grace);
  };
  let ended = false;
  const stop = (): void => void end();
  signal.addEventListener('abort', stop, { once: true });
  const lines: string[] = [];
  let whole = false;
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      lines.push(line);
      if (lines.length > 400) lines.shift();
      yield line;
    }
    const { exitCode } = await child;
    whole = true;
    signal.throwIfAborted();
    return { exitCode, lines };
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(hard);
    ended = true;
    // Who stops reading wants no build either; and what a tool left of its group is ended with it.
    if (!whole) endGroup(child.pid, 'SIGTERM');
    if (signal.aborted) endGroup(child.pid, 'SIGKILL');
  }
}

/** Lets a tool end by itself, as its steps fail one after the other. */
async function endBySteps(pid: number, hasEnded: () => boolean): Promise<void> {
  const begun = performance.now();
  let until = begun + beginning;
  while (!hasEnded() && performance.now() < until) {
    if ((await endSteps(pid)) > 0) until = begun + tidying;
    await new Promise((done) => setTimeout(done, lookAgainAfter));
  }
}

function endGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
