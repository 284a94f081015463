import type { Fix, Place, Problem } from './problem.ts';

// Problems of a text as such, before its meaning is looked at.

export const fileNotFound = (path: string, flag: string): Problem => ({
  code: 'file-not-found',
  kind: 'usage',
  message: `There is no ${path}.`,
  hint: `${flag === '--file' ? 'paas init writes one. Another is named' : 'Another is named'} with ${flag} FILE.`,
});

export const fileUnreadable = (path: string, reason: string): Problem => ({
  code: 'file-unreadable',
  kind: 'usage',
  message: `${path} can't be read: ${reason}.`,
});

export const fileTooLarge = (path: string, limit: number): Problem => ({
  code: 'file-too-large',
  kind: 'usage',
  message: `${path} has more than ${limit} bytes, which is more than an app has to say.`,
});

export const notText = (path: string): Problem => ({
  code: 'not-text',
  kind: 'usage',
  message: `${path} is not UTF-8 text.`,
  hint: 'Save it as UTF-8, without compression.',
});

export const yamlSyntax = (at: Place, message: string, hint?: string, fix?: Fix): Problem => ({
  code: 'yaml-syntax',
  kind: 'usage',
  message,
  at,
  ...(hint && { hint }),
  ...(fix && { fix }),
});

export const yamlDuplicateKey = (at: Place, key: string, before: Place): Problem => ({
  code: 'duplicate-key',
  kind: 'usage',
  message: `The key ${key} stands here twice.`,
  at,
  related: [{ message: 'The first is here:', at: before }],
  hint: 'Remove one of the two, or merge them.',
});

export const unknownAlias = (at: Place, name: string, meant: string | undefined): Problem => ({
  code: 'unknown-alias',
  kind: 'usage',
  message: `There is no anchor &${name} before this.`,
  at,
  hint: meant
    ? `Did you mean *${meant}?`
    : 'A value that begins with * needs quotes, for example "*.example.com".',
});

export const yamlTooDeep = (at: Place, what: string): Problem => ({
  code: 'file-too-deep',
  kind: 'usage',
  message: `This expands to more than ${what}.`,
  at,
  hint: 'Look for an anchor that contains an alias of itself, or for aliases of aliases.',
});

export const clustersFileBroken = (at: Place): Problem => ({
  code: 'clusters-file-broken',
  kind: 'usage',
  message: 'The file that notes which cluster each environment is on does not say so any more.',
  at,
  hint: 'Take it back from version control. Without it a wrong cluster would not be noticed.',
});

export const clusterNotNoted = (path: string, reason: string): Problem => ({
  code: 'file-unwritable',
  kind: 'refused',
  message: `${path} can't be written: ${reason}. Nothing was deployed.`,
  hint: 'It notes which cluster this environment is on, before anything is made there. Let it be written here; or write it elsewhere and commit it; or name the cluster with its uid in platform.yaml.',
});
