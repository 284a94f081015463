import type { Fix, Place, Problem } from './problem.ts';

// Problems of what paas.yaml says.

/** What may be known besides the mistake itself: the most likely fix in words, and as an edit where it is certain. */
export interface Remedy {
  readonly hint?: string | undefined;
  readonly fix?: Fix | undefined;
}

const remedy = ({ hint, fix }: Remedy): Pick<Problem, 'hint' | 'fix'> => ({
  ...(hint !== undefined && { hint }),
  ...(fix !== undefined && { fix }),
});

export const unknownKey = (at: Place, key: string, where: string, how: Remedy): Problem => ({
  code: 'unknown-key',
  kind: 'usage',
  message: `${where} has no key ${shown(key)}.`,
  at,
  ...remedy(how),
});

export const wrongType = (
  at: Place,
  key: string,
  expected: string,
  found: string,
  how: Remedy = {},
): Problem => ({
  code: 'wrong-type',
  kind: 'usage',
  message: `${key} must be ${expected}; this is ${found}.`,
  at,
  ...remedy(how),
});

export const wrongValue = (at: Place, key: string, expected: string, how: Remedy = {}): Problem => ({
  code: 'wrong-value',
  kind: 'usage',
  message: `${key} must be ${expected}.`,
  at,
  ...remedy(how),
});

export const missingKey = (at: Place, key: string, where: string, hint?: string): Problem => ({
  code: 'missing-key',
  kind: 'usage',
  message: `${where} needs the key ${key}.`,
  at,
  ...(hint && { hint }),
});

export const emptyHere = (at: Place, where: string, hint: string | undefined): Problem => ({
  code: 'missing-key',
  kind: 'usage',
  message: `${where} is empty; it needs at least one entry.`,
  at,
  ...(hint && { hint }),
});

export const noImage = (at: Place, where: string, meant: string | undefined): Problem => ({
  code: 'missing-key',
  kind: 'usage',
  message: `${where} doesn't say what runs.`,
  at,
  hint: meant
    ? `Did you mean ${meant}? A new component needs image: registry.example.com/shop:1.4.`
    : 'Add image: registry.example.com/shop:1.4, build: . or package: target/shop.war.',
});

export const badName = (at: Place, name: string, expected: string, how: Remedy = {}): Problem => ({
  code: 'bad-name',
  kind: 'usage',
  message: `${shown(name)} can't be used as a name here: it must be ${expected}.`,
  at,
  ...remedy(how),
});

export const emptyFile = (at: Place, hint: string): Problem => ({
  code: 'empty-file',
  kind: 'usage',
  message: 'This file says nothing.',
  at,
  hint,
});

export const moreProblems = (at: Place, count: number): Problem => ({
  code: 'more-problems',
  kind: 'usage',
  message: `${count} more ${count === 1 ? 'problem is' : 'problems are'} not shown.`,
  at,
});

export const exclusiveKeys = (
  at: Place,
  key: string,
  others: readonly string[],
  where: string,
  other: { readonly key: string; readonly at: Place },
): Problem => ({
  code: 'exclusive-keys',
  kind: 'usage',
  message: `${where} can't say both ${other.key} and ${key}.`,
  at,
  related: [{ message: `${other.key} is here:`, at: other.at }],
  hint: `Keep one of ${listed(others)}.`,
});

export const notYet = (at: Place, where: string, feature: string): Problem => ({
  code: 'not-yet',
  kind: 'usage',
  message: `paas can't do this yet: ${feature} (${where}).`,
  at,
  hint: 'It is part of the language already; take it out until a version of paas does it.',
});

export const checkWithoutPort = (at: Place, component: string): Problem => ({
  code: 'check-without-port',
  kind: 'usage',
  message: `The health of ${component} is asked over HTTP, but it has no port.`,
  at,
  hint: 'Give the component a port, or the check: port: 9090. Without HTTP: tcp: PORT, grpc: PORT or command.',
});

export const noCheck = (at: Place, what: string): Problem => ({
  code: 'missing-check',
  kind: 'usage',
  message: `${what} doesn't say what to ask.`,
  at,
  hint: 'Add one of http, tcp, grpc, command.',
});

export const reservedVariable = (at: Place, name: string, port: Place): Problem => ({
  code: 'reserved-variable',
  kind: 'usage',
  message: `${name} is set by the component's port.`,
  at,
  related: [{ message: 'The port is here:', at: port }],
  hint: 'Remove it here, or change port.',
});

export const variableTwice = (at: Place, name: string, uses: Place): Problem => ({
  code: 'variable-twice',
  kind: 'usage',
  message: `${name} is set by uses already.`,
  at,
  related: [{ message: 'It comes from here:', at: uses }],
  hint: 'Remove one of the two.',
});

export const unknownReference = (
  at: Place,
  name: string,
  what: string,
  known: readonly string[],
  how: Remedy = {},
): Problem => ({
  code: 'unknown-reference',
  kind: 'usage',
  message: `There is no ${what} ${name}.`,
  at,
  ...remedy({
    hint: known.length > 0 ? `There is ${listed(known)}.` : `The file has no ${what} at all.`,
    ...how,
  }),
});

export const usesItself = (at: Place, name: string): Problem => ({
  code: 'uses-itself',
  kind: 'usage',
  message: `${name} uses itself.`,
  at,
  hint: 'Take it out: its own port is in PORT.',
});

export const usesCycle = (at: Place, names: readonly string[]): Problem => ({
  code: 'uses-cycle',
  kind: 'usage',
  message: `These jobs wait for one another: ${names.join(' → ')}.`,
  at,
  hint: 'A job that runs before the deploy can only use what is there before it.',
});

export const sameRoute = (at: Place, route: string, component: string, other: Place): Problem => ({
  code: 'same-route',
  kind: 'usage',
  message: `${route} leads to two places.`,
  at,
  related: [{ message: `It leads to ${component} here:`, at: other }],
  hint: 'Give one of them another host or path, or a match.',
});

export const portTwice = (at: Place, port: number, other: Place): Problem => ({
  code: 'port-twice',
  kind: 'usage',
  message: `Port ${port} stands here twice.`,
  at,
  related: [{ message: 'The first is here:', at: other }],
});

export const pathTwice = (at: Place, path: string, other: Place): Problem => ({
  code: 'path-twice',
  kind: 'usage',
  message: `Two things are mounted at ${path}.`,
  at,
  related: [{ message: 'The first is here:', at: other }],
});

export const nameTaken = (at: Place, name: string, message: string, other: Place): Problem => ({
  code: 'name-taken',
  kind: 'usage',
  message,
  at,
  related: [{ message: `${name} is taken here:`, at: other }],
  hint: 'Call one of them otherwise.',
});

export const minimumAboveMaximum = (at: Place, minimum: number, maximum: number, other: Place): Problem => ({
  code: 'minimum-above-maximum',
  kind: 'usage',
  message: `At least ${minimum} instances and at most ${maximum} can't both be.`,
  at,
  related: [{ message: 'The maximum is here:', at: other }],
  hint: 'Lower the one or raise the other.',
});

export const nothingScales = (at: Place, where: string): Problem => ({
  code: 'nothing-scales',
  kind: 'usage',
  message: `${where} doesn't say by what the instances change.`,
  at,
  hint: 'Add metrics: [{type: cpu, threshold: 80%}] or schedules; for a fixed number: instances.',
});

export const neverFires = (at: Place, expression: string): Problem => ({
  code: 'schedule-never-fires',
  kind: 'usage',
  message: `No day fits the schedule ${expression}.`,
  at,
  hint: 'The fields are minute, hour, day of the month, month, day of the week: no such month has that day.',
});

export const notForJobs = (
  at: Place,
  key: string,
  job: { readonly key: string; readonly at: Place },
): Problem => ({
  code: 'not-for-jobs',
  kind: 'usage',
  message: `${key} is for programs that keep running; this one ends by itself.`,
  at,
  related: [{ message: `It ends by itself because of ${job.key}:`, at: job.at }],
  hint: `Remove ${key}, or ${job.key}.`,
});

export const onlyWith = (at: Place, key: string, needed: string): Problem => ({
  code: 'missing-key',
  kind: 'usage',
  message: `${key} means nothing without ${needed}.`,
  at,
  hint: `Add ${needed}, or remove ${key}.`,
});

export const needsPort = (at: Place, key: string, component: string): Problem => ({
  code: 'port-needed',
  kind: 'usage',
  message: `${key} of ${component} needs a port to lead to.`,
  at,
  hint: 'Give the component the port that its program listens on: port: 8080.',
});

export const unknownPort = (
  at: Place,
  port: number,
  component: string,
  known: readonly number[],
): Problem => ({
  code: 'unknown-reference',
  kind: 'usage',
  message: `${component} has no port ${port}.`,
  at,
  hint: `It has ${listed(known.map(String))}.`,
});

export const unknownEnvironment = (name: string, known: string[], meant: string | undefined): Problem => ({
  code: 'unknown-environment',
  kind: 'usage',
  message: `The file has no environment ${name}; it has ${listed(known)}.`,
  ...(meant && { hint: `Did you mean --env ${meant}?` }),
});

export const environmentNeeded = (known: string[]): Problem => ({
  code: 'environment-needed',
  kind: 'usage',
  message: `The file has several environments: ${listed(known)}.`,
  hint: 'Say which with --env NAME.',
});

/** A word of the file as a message repeats it: a long one would hide the message. */
function shown(word: string): string {
  if (word === '') return '""';
  const line = word.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

function listed(words: readonly string[]): string {
  if (words.length > 12) return `${words.slice(0, 12).join(', ')} …`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export const reservedName = (at: Place, name: string): Problem => ({
  code: 'reserved-name',
  kind: 'usage',
  message: `A component can't be called ${name}: Kubernetes has objects of that name in every namespace.`,
  at,
  hint: 'Call it after what it does, such as web or worker.',
});

export const expandsTooFar = (at: Place, values: number): Problem => ({
  code: 'file-too-deep',
  kind: 'usage',
  message: `With this environment, all environments together are more than ${values} values.`,
  at,
  hint: 'Look at one at a time: --env NAME. Or let fewer environments say something of their own.',
});
