import type { Place, Problem } from './problem.ts';

// Problems of features, templates, and what is added by hand.

export const badFeature = (at: Place, message: string): Problem => ({
  code: 'bad-feature',
  kind: 'usage',
  message,
  at,
});

export const badRuntime = (at: Place, message: string): Problem => ({
  code: 'bad-runtime',
  kind: 'usage',
  message,
  at,
});

export const noSuchFolder = (at: Place, folder: string): Problem => ({
  code: 'no-such-folder',
  kind: 'usage',
  message: `There is no folder ${folder}.`,
  at,
  hint: 'It is as seen from the file that names it.',
});

export const badTemplate = (at: Place, feature: string, reason: string): Problem => ({
  code: 'bad-template',
  kind: 'usage',
  message: `A template of the feature ${feature} can't be rendered: ${reason}`,
  at,
  hint: 'Templates are YAML with json-e: https://json-e.js.org/',
});

/** One of two that set the same field. */
export interface Setter {
  readonly feature: string;
  readonly value: string;
  readonly at: Place;
}

export const featureConflict = (object: string, field: string, first: Setter, second: Setter): Problem => ({
  code: 'feature-conflict',
  kind: 'usage',
  message: `Two features set ${field} of ${object}: ${first.feature} to ${first.value}, ${second.feature} to ${second.value}.`,
  at: second.at,
  related: [{ message: `${first.feature} sets it here`, at: first.at }],
  hint: 'Only one of them may; an app has the last word by a file in .paas/patches.',
});

export const sameObject = (object: string, first: Setter, second: Setter): Problem => ({
  code: 'same-object',
  kind: 'usage',
  message: `${object} is made twice: by ${first.feature} and by ${second.feature}.`,
  at: second.at,
  related: [{ message: `${first.feature} makes it here`, at: first.at }],
  hint: 'Give one of them another name.',
});

export const nothingToPatch = (at: Place, object: string, meant: string | undefined): Problem => ({
  code: 'nothing-to-patch',
  kind: 'usage',
  message: `There is no ${object} to patch in what this app renders to.`,
  at,
  hint: meant ? `Did you mean ${meant}?` : 'paas render shows every object.',
});

export const mountedFileMissing = (at: Place, file: string, reason: string): Problem => ({
  code: 'mounted-file-missing',
  kind: 'usage',
  message: `The file ${file} can't be read: ${reason}.`,
  at,
  hint: 'Its path is as seen from paas.yaml.',
});

export const configTooLarge = (at: Place, file: string, limit: number): Problem => ({
  code: 'config-too-large',
  kind: 'usage',
  message: `The file ${file} is larger than a component's files may be (${Math.floor(limit / 1024)} KiB in all).`,
  at,
  hint: 'Put it into the image, or on a volume.',
});

export const mayNotShadow = (
  folder: string,
  name: string,
  layer: string,
  at: Place | undefined,
): Problem => ({
  code: 'may-not-shadow',
  kind: 'usage',
  message: `${folder} would take the place of the ${layer === 'platform' ? "platform's" : layer} feature ${name}, which the platform doesn't let an app do.`,
  ...(at && { at }),
  hint: 'Give the feature another name and its keys others, or ask the platform team to name it under shadow.',
});

export const badAddition = (at: Place, message: string): Problem => ({
  code: 'bad-addition',
  kind: 'usage',
  message,
  at,
});
