import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Looking at what the machine has to say of itself, where not there is an answer, too. */

/** The text of a file of the kernel, or undefined where the process or cgroup has gone meanwhile. */
export function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The lines of a text, without empty ones. */
export function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

/** What a program prints; nothing where it fails or isn't there. */
export function output(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
