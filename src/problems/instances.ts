import type { Place, Problem } from './problem.ts';

// Problems of what runs in an instance, and of the way to it.

export const noInstance = (component: string, environment: string): Problem => ({
  code: 'no-instance',
  kind: 'refused',
  message: `No instance of ${component} runs in ${environment}.`,
  hint: 'paas status says how it is.',
});

export const unknownInstance = (
  name: string,
  component: string,
  known: readonly string[],
  meant: string | undefined,
): Problem => ({
  code: 'unknown-instance',
  kind: 'usage',
  message: `${component} has no running instance ${name}; it has ${known.join(', ')}.`,
  ...(meant && { hint: `Did you mean ${meant}?` }),
});

export const connectionBroken = (instance: string): Problem => ({
  code: 'connection-broken',
  kind: 'cluster',
  message: `The connection to ${instance} broke off. Whether the program still runs, and how it ends, isn't known.`,
  hint: 'See paas status and paas logs, and look at what the program has done before it is run again.',
});

export const outputIncomplete = (instance: string): Problem => ({
  code: 'output-incomplete',
  kind: 'cluster',
  message: `Part of the output of ${instance} is lost: its log was rotated while the connection was broken.`,
  hint: 'The program itself has run to its end. Where all of its output matters, have it write that to a file or a store of its own.',
});

/** `hasRun`: whether its program had begun. */
export const runDeleted = (component: string, hasRun: boolean): Problem => ({
  code: 'run-deleted',
  kind: 'failed',
  message: hasRun
    ? `${component}: somebody deleted its job while the program ran; how that ended isn't known.`
    : `${component}: somebody deleted its job before the program began.`,
  hint: hasRun
    ? 'Look at what the program has done before it is run again.'
    : 'Nothing was run: run it again.',
});

export const programMissing = (
  program: string,
  {
    namespace,
    pod,
    container,
  }: { readonly namespace: string; readonly pod: string; readonly container: string },
  byDefault: boolean,
  words: string,
): Problem => ({
  code: 'program-missing',
  kind: 'usage',
  message: byDefault
    ? `The image of ${pod} has no shell (${program}).`
    : `${program} can't be run in ${pod}.`,
  details: [words],
  hint: byDefault
    ? `Name a program that it has: paas exec ${container} -- PROGRAM; run one beside it: paas run ${container} -- PROGRAM; or bring tools along: kubectl debug -it ${pod} -n ${namespace} --image=busybox --target=${container}.`
    : 'Is it in the image, at that path, and may it be run? The name alone is looked up in PATH.',
});

export const notStarted = (instance: string, words: string): Problem => ({
  code: 'not-started',
  kind: 'cluster',
  message: `The program could not be started in ${instance}.`,
  details: [words],
  hint: 'See paas status: the instance may be on its way out.',
});

export const portInUse = (port: number, forbidden: boolean): Problem => ({
  code: 'port-in-use',
  kind: 'usage',
  message: forbidden
    ? `The port ${port} may not be used here.`
    : `The port ${port} is in use on this machine.`,
  hint: 'Take another one with --port, or 0 for any that is free.',
});

export const noPort = (component: string): Problem => ({
  code: 'no-port',
  kind: 'usage',
  message: `${component} has no port.`,
  hint: 'Say it in paas.yaml, and deploy.',
});

export const whichComponent = (known: readonly string[]): Problem => ({
  code: 'which-component',
  kind: 'usage',
  message: `Which component? There is ${known.join(', ') || 'none'}.`,
  hint: 'Name it behind the command.',
});

export const badImageFlag = (at: Place, what: string): Problem => ({
  code: 'bad-image-flag',
  kind: 'usage',
  message: `--image ${at.source.text} ${what}.`,
  at,
  hint: 'Once for each component: --image web=registry.example.com/shop:1.4.',
});

export const logsUnreadable = (unread: readonly { instance: string; reason: string }[]): Problem => ({
  code: 'logs-unreadable',
  kind: 'cluster',
  message:
    unread.length === 1
      ? `The log of ${unread[0]?.instance} can't be read.`
      : `None of the logs of ${unread.length} instances can be read.`,
  details: unread.map(({ instance, reason }) => `${instance}: ${reason}`),
  hint: 'The node may be away: kubectl get nodes.',
});
