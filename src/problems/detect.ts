import type { Place, Problem } from './problem.ts';

// Problems of a source that is looked at, and of the file that comes of it.

export const sourceBroken = (at: Place, format: string, reason: string): Problem => ({
  code: 'source-broken',
  kind: 'usage',
  message: `${at.source.path} is not valid ${format}: ${reason}.`,
  at,
  hint: 'Mend it: what the app is and needs is read from it.',
});

export const sourceUnreadable = (path: string, reason: string): Problem => ({
  code: 'source-unreadable',
  kind: 'usage',
  message: `${path} can't be read: ${reason}.`,
});

/** `lookedFor`: of each runtime its name and what tells it. */
export const nothingDetected = (folder: string, lookedFor: readonly string[]): Problem => ({
  code: 'nothing-detected',
  kind: 'usage',
  message: `Nothing in ${folder} tells what the app is.`,
  details: ['Looked for:', ...lookedFor],
  hint: 'Write a Dockerfile, or name an image that is there: paas init --image registry.example.com/shop:1.0',
});

export const cannotStart = (folder: string, what: string, lookedFor: string): Problem => ({
  code: 'no-start-command',
  kind: 'usage',
  message: `${folder} is ${what}, but nothing tells what starts it.`,
  hint: `${lookedFor}Say it with --command "…", or write a Dockerfile.`,
});

export const severalApps = (folders: readonly string[]): Problem => ({
  code: 'several-apps',
  kind: 'usage',
  message: `There are several apps here: ${folders.join(', ')}.`,
  hint: `Say which are meant, each with --folder: ${folders
    .slice(0, 2)
    .map((folder) => `--folder ${folder}`)
    .join(' ')}`,
});

export const fileIsThere = (file: string): Problem => ({
  code: 'file-is-there',
  kind: 'usage',
  message: `There is a ${file} already; nothing was written.`,
  hint: 'Write another with --file, or this one anew with --force: what it says now is lost.',
});

export const cannotWrite = (file: string, reason: string): Problem => ({
  code: 'file-not-written',
  kind: 'refused',
  message: `${file} can't be written: ${reason}.`,
});
