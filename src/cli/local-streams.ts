import { fstatSync } from 'node:fs';
import type { Streams } from '../cluster/program.ts';
import { passOutputThrough } from '../host/raw-output.ts';

/** The streams of this process for a program in the cluster, until they are left. */
export interface LocalStreams extends Streams {
  /** Gives the terminal back as it was. */
  readonly leave: () => void;
}

/**
 * A terminal where both ends of ours are one: then every key goes to the program, Ctrl-C too. Else its input is what
 * is piped in. `json`: what the program writes isn't data then.
 */
export function localStreams(json: boolean): LocalStreams {
  const { stdin, stdout, stderr } = process;
  const output = json ? stderr : stdout;
  const interactive = stdin.isTTY === true && stdout.isTTY === true && !json;
  const leave = (): void => {
    if (interactive) stdin.setRawMode(false);
    stdin.pause();
  };
  // However the program ends, a process.exit of a second signal among it.
  process.once('exit', leave);
  return {
    input: interactive || hasInput() ? stdin : undefined,
    write: (chunk) => writeTo(output, chunk),
    writeError: (chunk) => writeTo(stderr, chunk),
    terminal: interactive
      ? {
          size: () => ({ columns: stdout.columns, rows: stdout.rows }),
          take: (resized) => {
            stdin.setRawMode(true);
            passOutputThrough();
            stdout.on('resize', resized);
            return () => {
              stdout.off('resize', resized);
              stdin.setRawMode(false);
            };
          },
        }
      : undefined,
    leave: () => {
      process.off('exit', leave);
      leave();
    },
  };
}

/** Whether something is piped in, be it nothing: a pipe, a file, a socket; not /dev/null, and no terminal. */
function hasInput(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

/** Waits until it is taken: a slow reader holds up the program, not our memory. One that is gone takes nothing. */
function writeTo(stream: NodeJS.WriteStream, chunk: Uint8Array): void | Promise<void> {
  if (stream.destroyed || stream.write(chunk)) return;
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });
}
