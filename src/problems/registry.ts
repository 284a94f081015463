import type { Problem } from './problem.ts';

// Problems of registries, of the way to them, and of images in them.

export const registryUnreachable = (registry: string, reason: string): Problem => ({
  code: 'registry-unreachable',
  kind: 'cluster',
  message: `The registry ${registry} doesn't answer: ${reason}.`,
  hint: 'Is its name right, is the VPN up, is a proxy needed (HTTPS_PROXY)?',
});

export const registryUntrusted = (registry: string, reason: string): Problem => ({
  code: 'registry-untrusted',
  kind: 'cluster',
  message: `The certificate of the registry ${registry} isn't trusted: ${reason}.`,
  hint: 'Where it is signed by an authority of your own, set NODE_EXTRA_CA_CERTS to a file with its certificate.',
});

export const registryWithoutTls = (registry: string): Problem => ({
  code: 'registry-without-tls',
  kind: 'refused',
  message: `The registry ${registry} speaks plain HTTP; HTTPS is expected.`,
  hint: 'Only a registry on this machine (localhost) is reached over plain HTTP unasked.',
});

export const registryLoginNeeded = (registry: string, what: string): Problem => ({
  code: 'registry-login-needed',
  kind: 'refused',
  message: `The registry ${registry} wants a login to ${what}, and none is known.`,
  hint: `Log in: docker login ${registry} (or podman login, or skopeo login).`,
});

export const registryLoginRefused = (registry: string, words: readonly string[]): Problem => ({
  code: 'registry-login-refused',
  kind: 'refused',
  message: `The registry ${registry} doesn't accept the login that is known for it.`,
  ...(words.length > 0 && { details: words }),
  hint: `The password or token may have expired: docker login ${registry}.`,
});

export const registryNotAllowed = (registry: string, what: string, words: readonly string[]): Problem => ({
  code: 'registry-not-allowed',
  kind: 'refused',
  message: `You may not ${what}: the registry ${registry} refuses it.`,
  ...(words.length > 0 && { details: words }),
  hint: 'Is the name right? Some registries want the repository to be made first; else ask for the right.',
});

export const registryReadOnly = (registry: string, words: readonly string[]): Problem => ({
  code: 'registry-read-only',
  kind: 'refused',
  message: `The registry ${registry} takes no images at present: it is read-only.`,
  ...(words.length > 0 && { details: words }),
  hint: 'It may be in maintenance, or a mirror; push to another one.',
});

export const registryFull = (registry: string, what: string, words: readonly string[]): Problem => ({
  code: 'registry-full',
  kind: 'refused',
  message: `The registry ${registry} has no room to ${what}.`,
  ...(words.length > 0 && { details: words }),
  hint: 'A quota is used up, or something in front of it limits the size of a request: ask who runs it.',
});

export const registryBrokeOff = (registry: string, what: string, times: number, reason: string): Problem => ({
  code: 'registry-broke-off',
  kind: 'cluster',
  message: `The connection to the registry ${registry} broke off ${times} times in the attempt to ${what}: ${reason}.`,
  hint: 'Run the same command again: what is there already is not sent again.',
});

export const registryFailed = (
  registry: string,
  what: string,
  status: number,
  words: readonly string[],
): Problem => ({
  code: 'registry-failed',
  kind: 'cluster',
  message: `The registry ${registry} answered ${status} when it was asked to ${what}.`,
  ...(words.length > 0 && { details: words }),
});

export const registryAnswerOdd = (registry: string, what: string, reason: string): Problem => ({
  code: 'registry-answer-odd',
  kind: 'cluster',
  message: `The registry ${registry} was asked to ${what}, and its answer makes no sense: ${reason}.`,
  hint: 'Is it a registry? A proxy in between may answer in its place.',
});

export const imageNotFound = (image: string): Problem => ({
  code: 'image-not-found',
  kind: 'usage',
  message: `There is no image ${image} in its registry.`,
  hint: 'Is the name right, and the tag? Some registries say the same where you have no right to see it.',
});

export const imagePlatformMissing = (image: string, platform: string, has: readonly string[]): Problem => ({
  code: 'image-platform-missing',
  kind: 'usage',
  message: `The image ${image} isn't there for ${platform}; it is for ${has.join(', ') || 'none'}.`,
  hint: 'Take another platform, or another image.',
});

export const imageLayoutBroken = (folder: string, reason: string): Problem => ({
  code: 'image-layout-broken',
  kind: 'cluster',
  message: `The image in ${folder} can't be read: ${reason}.`,
  hint: 'It is made by the tool that builds; build again.',
});

export const dockerConfigBroken = (file: string, reason: string): Problem => ({
  code: 'docker-config-broken',
  kind: 'usage',
  message: `The logins in ${file} can't be read: ${reason}.`,
  hint: 'Mend it, or log in again: docker login writes it.',
});

export const credentialHelperFailed = (
  helper: string,
  file: string,
  reason: string,
  words: readonly string[],
): Problem => ({
  code: 'credential-helper-failed',
  kind: 'usage',
  message: `The program ${helper}, which ${file} names for the login, ${reason}.`,
  ...(words.length > 0 && { details: words }),
  hint: `Install it and look that it is on the PATH, or take it out of ${file}.`,
});

export const ignorePatternBad = (file: string, pattern: string): Problem => ({
  code: 'ignore-pattern-bad',
  kind: 'usage',
  message: `${file} has a pattern that can't be read: ${pattern}`,
  hint: 'A bracket may be open, or a ! stand alone.',
});

export const sourceUnreadable = (path: string, reason: string): Problem => ({
  code: 'source-unreadable',
  kind: 'usage',
  message: `${path}, which is to be put into the image, can't be read: ${reason}.`,
  hint: 'Make it readable, or leave it out by a line in .dockerignore.',
});

export const sourceChanged = (path: string): Problem => ({
  code: 'source-changed',
  kind: 'usage',
  message: `${path} changed while it was put into the image.`,
  hint: 'Something writes to it (a build that still runs, a log file): let it end, or leave it out by a line in .dockerignore.',
});
