import type { Place, Problem } from './problem.ts';

// Problems of what paas.yaml says.

export const unknownKey = (
  at: Place,
  key: string,
  where: string,
  meant: string | undefined,
  known: string[],
): Problem => ({
  code: 'unknown-key',
  kind: 'usage',
  message: `${where} has no key ${key}.`,
  at,
  hint: meant ? `Did you mean ${meant}?` : `It may have: ${known.join(', ')}.`,
});

export const wrongType = (at: Place, key: string, expected: string, found: string): Problem => ({
  code: 'wrong-type',
  kind: 'usage',
  message: `${key} must be ${expected}; this is ${found}.`,
  at,
});

export const wrongValue = (at: Place, key: string, expected: string, meant?: string): Problem => ({
  code: 'wrong-value',
  kind: 'usage',
  message: `${key} must be ${expected}.`,
  at,
  ...(meant && { hint: `Did you mean ${meant}?` }),
});

export const missingKey = (at: Place, key: string, where: string): Problem => ({
  code: 'missing-key',
  kind: 'usage',
  message: `${where} needs the key ${key}.`,
  at,
});

export const badName = (at: Place, name: string, what: string): Problem => ({
  code: 'bad-name',
  kind: 'usage',
  message: `${name} can't be the name of ${what}: lower-case letters, digits and hyphens, a letter first, at most 63.`,
  at,
});

export const emptyFile = (at: Place): Problem => ({
  code: 'empty-file',
  kind: 'usage',
  message: 'This file says nothing.',
  at,
  hint: 'The least it can say: app: NAME, and under components: one with an image.',
});

export const checkWithoutPort = (at: Place, component: string): Problem => ({
  code: 'check-without-port',
  kind: 'usage',
  message: `The health of ${component} is asked over HTTP, but it has no port.`,
  at,
  hint: 'Give the component a port, or use tcp: PORT, grpc: PORT or command.',
});

export const severalChecks = (at: Place, keys: string[]): Problem => ({
  code: 'exclusive-keys',
  kind: 'usage',
  message: `Only one of these can be said: ${keys.join(', ')}.`,
  at,
});

export const noCheck = (at: Place, what: string): Problem => ({
  code: 'missing-check',
  kind: 'usage',
  message: `${what} doesn't say what to ask.`,
  at,
  hint: 'Add one of http, tcp, grpc, command.',
});

export const reservedVariable = (at: Place, name: string): Problem => ({
  code: 'reserved-variable',
  kind: 'usage',
  message: `${name} is set by the component's port.`,
  at,
  hint: `Remove it here, or change port.`,
});

export const unknownEnvironment = (name: string, known: string[], meant: string | undefined): Problem => ({
  code: 'unknown-environment',
  kind: 'usage',
  message: `The file has no environment ${name}; it has ${known.join(', ')}.`,
  ...(meant && { hint: `Did you mean --env ${meant}?` }),
});

export const environmentNeeded = (known: string[]): Problem => ({
  code: 'environment-needed',
  kind: 'usage',
  message: `The file has several environments: ${known.join(', ')}.`,
  hint: 'Say which with --env NAME.',
});
