import type { Place, Problem } from './problem.ts';

// Problems of a text as such, before its meaning is looked at.

export const fileNotFound = (path: string, flag: string): Problem => ({
  code: 'file-not-found',
  kind: 'usage',
  message: `There is no ${path}.`,
  hint: `Write one (README, "A first deploy"), or name another with ${flag} FILE.`,
});

export const fileUnreadable = (path: string, reason: string): Problem => ({
  code: 'file-unreadable',
  kind: 'usage',
  message: `${path} can't be read: ${reason}.`,
});

export const fileTooLarge = (path: string, bytes: number, limit: number): Problem => ({
  code: 'file-too-large',
  kind: 'usage',
  message: `${path} has ${bytes} bytes; at most ${limit} are read.`,
});

export const notText = (path: string): Problem => ({
  code: 'not-text',
  kind: 'usage',
  message: `${path} is not UTF-8 text.`,
});

export const yamlSyntax = (at: Place, message: string): Problem => ({
  code: 'yaml-syntax',
  kind: 'usage',
  message: `This is not valid YAML: ${message}`,
  at,
});

export const yamlDuplicateKey = (at: Place, key: string): Problem => ({
  code: 'duplicate-key',
  kind: 'usage',
  message: `The key ${key} stands here twice.`,
  at,
  hint: 'Remove one of the two, or merge them.',
});

export const yamlTooDeep = (at: Place, what: string): Problem => ({
  code: 'file-too-deep',
  kind: 'usage',
  message: `This expands to more than ${what}.`,
  at,
  hint: 'Look for an anchor that contains an alias of itself, or for aliases of aliases.',
});
