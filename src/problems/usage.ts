import type { Place, Problem } from './problem.ts';

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

export const secretTooLarge = (limit: number): Problem => ({
  code: 'secret-too-large',
  kind: 'usage',
  message: `The value has more than ${Math.floor(limit / 1024)} KiB, which is more than a secret can hold.`,
  hint: 'Put what is large on a volume, and its key here.',
});

export const secretInUse = (name: string, by: readonly string[], at: Place): Problem => ({
  code: 'secret-in-use',
  kind: 'usage',
  message: `The secret ${name} is still used by ${by.join(' and ')}.`,
  at,
  hint: 'Take it out of paas.yaml and deploy first; or remove it all the same with --force.',
});

export const secretLive = (name: string, release: number): Problem => ({
  code: 'secret-in-use',
  kind: 'usage',
  message: `The secret ${name} is still used by release ${release}: its instances could not start again without it.`,
  hint: 'Deploy what no longer uses it first; or remove it all the same with --force.',
});

export const noSuchSecret = (name: string, meant: string | undefined): Problem => ({
  code: 'no-such-secret',
  kind: 'usage',
  message: `No secret ${name} is stored in this environment.`,
  hint: meant ? `Did you mean ${meant}?` : 'paas secrets list shows those that are.',
});

export const badSecretName = (name: string): Problem => ({
  code: 'bad-secret-name',
  kind: 'usage',
  message: `${name} can't be the name of a secret: lower-case letters, digits, - and _, a letter first.`,
});

export const noValue = (): Problem => ({
  code: 'no-value',
  kind: 'usage',
  message: 'There is no value: it is empty.',
  hint: 'Pipe it in, or name a file (--from-file) or a variable (--from-env). It is never an argument: those are seen by everyone on the machine.',
});

export const badFeatureName = (name: string): Problem => ({
  code: 'bad-feature-name',
  kind: 'usage',
  message: `${name} can't be the name of a feature: lower-case letters, digits and hyphens, a letter first.`,
});

export const reservedFeatureName = (name: string): Problem => ({
  code: 'bad-feature-name',
  kind: 'usage',
  message: `${name} can't be the name of a feature: it is the folder of runtimes.`,
});

export const folderIsThere = (folder: string): Problem => ({
  code: 'folder-is-there',
  kind: 'usage',
  message: `There is a ${folder} already; nothing was written.`,
  hint: 'Take another name, or look at what is there.',
});

export const noExamples = (folder: string): Problem => ({
  code: 'no-examples',
  kind: 'usage',
  message: `${folder} has no examples.`,
  hint: 'An example is a folder in examples/ with a paas.yaml: examples/simple/paas.yaml.',
});

/** Lines that differ are shown up to so many. */
const mostLines = 20;

export const exampleDiffers = (name: string, file: string, expected: string, rendered: string): Problem => {
  const [before, after] = [expected.split('\n'), rendered.split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return {
    code: 'example-differs',
    kind: 'usage',
    message:
      expected === ''
        ? `What the example ${name} renders to is not noted yet.`
        : `The example ${name} no longer renders to ${file}.`,
    ...(expected !== '' && { details: [...gone, ...come].slice(0, mostLines) }),
    hint: 'Is it meant so? Note it with --update, and read the difference.',
  };
};
