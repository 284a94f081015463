import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './run.ts';

/**
 * Builds one static Go program. It gets its name only when it is whole, so that a build that is killed, or two
 * at once, never leave half a program.
 */
export async function buildGo(options: {
  /** Folder of the go.mod. */
  readonly folder: string;
  readonly target: string;
  /** File of the program to make. */
  readonly output: string;
  readonly linkerFlags?: string;
  readonly tags?: string;
  /** For the system this runs on, unless it is to run in a container. */
  readonly system?: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { folder, target, output, linkerFlags = '', tags = '', system, signal } = options;
  mkdirSync(dirname(output), { recursive: true });
  const temporary = mkdtempSync(join(dirname(output), '.building-'));
  const program = join(temporary, basename(output));
  const env = { ...environment(), CGO_ENABLED: '0', ...(system ? { GOOS: system } : {}) };
  try {
    await run(
      'go',
      [
        'build',
        '-buildvcs=false',
        '-trimpath',
        ...(tags ? ['-tags', tags] : []),
        '-ldflags',
        `-s -w ${linkerFlags}`.trim(),
        '-o',
        program,
        target,
      ],
      { cwd: folder, env, signal },
    );
    renameSync(program, output);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Downloads a module in the version that a go.mod asks for, unless it is there. Gives its folder. */
export async function downloadModule(
  folder: string,
  module: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const answer = await run('go', ['mod', 'download', '-json', module], {
    cwd: folder,
    env: environment(),
    signal,
  });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** No foreign flags, for the result has to be the same for everybody. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: '', GOWORK: 'off' };
}
