import { Errors } from '@oclif/core';
import { nearest } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { badUsage, unknownCommand } from '../problems/usage.ts';

/** What oclif says of a command line that it doesn't take, as a problem; undefined when it is something else. */
export function usageProblem(error: Error): Problem | undefined {
  if (!(error instanceof Errors.CLIError)) return undefined;
  const [message = '', ...rest] = error.message.split('\n');
  const words = [message, ...rest]
    .map((line) => line.trim())
    .filter((line) => line && line !== 'See more help with --help');
  const unknown = /^Nonexistent flags?: (.+)$/.exec(message);
  const flags = (error as { parse?: { input?: { flags?: Record<string, unknown> } } }).parse?.input?.flags;
  if (unknown && flags) {
    const names = Object.keys(flags).map((name) => `--${name}`);
    const meant = nearest(unknown[1]!.split(',')[0]!.trim(), names);
    return badUsage(
      `There is no flag ${unknown[1]}.`,
      meant ? `Did you mean ${meant}?` : `There is ${names.join(', ')}.`,
    );
  }
  return badUsage(words.join(' '));
}

/** The problem of a command that isn't there. */
export function commandNotFound(name: string, known: readonly string[]): Problem {
  return unknownCommand(name, nearest(name, known));
}
