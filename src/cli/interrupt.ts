import { exitCodes } from './exit-codes.ts';

const controller = new AbortController();
let code: number | undefined;

/** Aborted when the person or the system asks the program to end. */
export const interrupted: AbortSignal = controller.signal;

/** The exit code of an interrupted run; undefined when it wasn't interrupted. */
export function interruptCode(): number | undefined {
  return code;
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
      process.stderr.write('\nStopping: what was begun is put in order (once more to stop at once) …\n');
      controller.abort(new Error(signal));
    });
  }
}
