import { exitCodes } from './exit-codes.ts';

const controller = new AbortController();
let code: number | undefined;

/** Aborted when the person or the system asks the program to end. */
export const interrupted: AbortSignal = controller.signal;

/** The exit code of an interrupted run; undefined when it wasn't interrupted. */
export function interruptCode(): number | undefined {
  return code;
}

const reader = new AbortController();

/** Aborted when nobody reads the standard output any more. */
export const outputClosed: AbortSignal = reader.signal;

let lost: Error | undefined;

/** Why not all of the standard output was written, as on a full disk. A reader that went away wanted no more of it. */
export function outputLost(): Error | undefined {
  return lost;
}

/**
 * What nobody can read any more ends what only prints. A deploy goes on to its end, whether somebody looks or not: in
 * the middle of it is no place to end for a full disk or a closed terminal.
 */
export function outliveReaders(): void {
  process.stderr.on('error', () => {});
  // oclif listens too, and throws.
  process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error;
    reader.abort();
  });
}

/** From here on the first signal lets the action end cleanly; the second ends the program at once. */
export function listenForInterrupts(): void {
  for (const [signal, exitCode] of [
    ['SIGINT', exitCodes.interrupted],
    ['SIGTERM', exitCodes.terminated],
  ] as const) {
    process.on(signal, () => {
      if (code !== undefined) process.exit(exitCode);
      code = exitCode;
      controller.abort(new Error(signal));
    });
  }
}
