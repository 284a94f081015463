import type { Problem } from './problem.ts';

// Problems of the command line itself.

export const badUsage = (message: string, hint = 'See the command with --help.'): Problem => ({
  code: 'bad-usage',
  kind: 'usage',
  message,
  hint,
});

export const unknownCommand = (name: string, meant: string | undefined): Problem => ({
  code: 'unknown-command',
  kind: 'usage',
  message: `There is no command ${name}.`,
  hint: meant ? `Did you mean paas ${meant}?` : 'paas --help lists them.',
});

export const interruptedRun = (): Problem => ({
  code: 'interrupted',
  kind: 'declined',
  message: 'Interrupted. The same command again goes on from here.',
});

export const internalError = (error: Error, debug: boolean): Problem => ({
  code: 'internal',
  kind: 'cluster',
  message: `This is a fault of paas itself: ${error.message}`,
  ...(debug && error.stack && { details: error.stack.split('\n') }),
  hint: debug
    ? 'Please report it with the lines above.'
    : 'Please report it with the output of the same command under DEBUG=paas.',
});

export const nothingToExplain = (topic: string, meant: string | undefined): Problem => ({
  code: 'nothing-to-explain',
  kind: 'usage',
  message: `There is no key and no problem ${topic}.`,
  hint: meant ? `Did you mean paas explain ${meant}?` : 'paas explain shows the whole language in short.',
});

export const noSuchObject = (name: string, known: readonly string[], meant: string | undefined): Problem => ({
  code: 'no-such-object',
  kind: 'usage',
  message: `The app renders to no ${name}.`,
  ...(known.length > 0 && { details: known }),
  hint: meant ? `Did you mean ${meant}?` : 'paas render shows every object.',
});

export const noSuchField = (object: string, field: string): Problem => ({
  code: 'no-such-field',
  kind: 'usage',
  message: `${object} has no field ${field}.`,
  hint: `All of its fields: paas explain ${object}`,
});
