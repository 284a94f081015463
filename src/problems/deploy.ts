import type { Failure, Place, Problem } from './problem.ts';

// Problems of changing what runs.

export const locked = (holder: string, since: string): Problem => ({
  code: 'locked',
  kind: 'locked',
  message: `${holder} is deploying this app${since ? `, since ${since}` : ''}.`,
  hint: 'Try again when that has ended. A lock whose holder is gone is taken over by itself after 15 s.',
});

/** `by`: who has it now, or had it since; undefined where it is gone altogether. */
export const lockLost = (by: string | undefined): Problem => ({
  code: 'lock-lost',
  kind: 'cluster',
  message: by
    ? `The lock of this run could not be renewed in time, and ${by} has taken it over; nothing more is written.`
    : 'The lock of this run is gone: the app, its namespace or the lock itself was deleted; nothing more is written.',
  hint: 'Look at what was done meanwhile (paas releases); then run the same command again: it goes on from there.',
});

export const recordMoved = (): Problem => ({
  code: 'record-moved',
  kind: 'cluster',
  message: "The app's record was written by somebody else at the same time; nothing more is written.",
  hint: 'Run the same command again.',
});

export const otherCluster = (environment: string, file: string, noted: string, found: string): Problem => ({
  code: 'other-cluster',
  kind: 'refused',
  message: `This is not the cluster that ${environment} was deployed to: ${file} has noted ${noted}, this is ${found}.`,
  hint: 'Is this the right context (--context)? If the cluster was made anew, say so with --accept-new-cluster.',
});

/** `holding`: what it still waits for, where that is known. */
export const namespaceEnding = (namespace: string, holding: readonly string[] = []): Problem => ({
  code: 'namespace-ending',
  kind: 'refused',
  message: `The namespace ${namespace} is being deleted, with all that is in it.`,
  ...(holding.length > 0 && { details: holding }),
  hint: `Once it is gone, paas deploy makes it and the app anew, without the releases and secrets that were stored in it. What holds it: kubectl describe namespace ${namespace}`,
});

export interface FieldConflict {
  readonly field: string;
  readonly manager: string;
  readonly live: string;
  readonly ours: string;
}

export const foreignOwner = (
  object: string,
  conflicts: readonly FieldConflict[],
  hint = 'Use another component name, or another namespace.',
): Problem => ({
  code: 'foreign-owner',
  kind: 'refused',
  message: `${object} is there already and belongs to ${owners(conflicts) || 'somebody else'}.`,
  details: conflicts
    .slice(0, 8)
    .map(({ field, manager, live, ours }) => `${field}: ${live} (${manager}), here ${ours}`),
  hint,
});

function owners(conflicts: readonly FieldConflict[]): string {
  const names = new Set(
    conflicts.map(({ manager }) => {
      const [, app, environment] = /^paas:([^:]+):([^:]+)/.exec(manager) ?? [];
      return app ? `the app ${app} (${environment})` : manager;
    }),
  );
  return [...names].join(', ');
}

export const componentFailed = (
  cause: { code: string; message: string; hint?: string },
  failure: Failure,
  lastLines: readonly string[],
  at: Place | undefined,
): Problem => ({
  code: cause.code,
  kind: 'failed',
  // What belongs to no component is named in what is said of it.
  message: failure.component === failure.object ? cause.message : `${failure.component}: ${cause.message}`,
  ...(at && { at }),
  ...(lastLines.length > 0 && { details: lastLines }),
  ...(cause.hint && { hint: cause.hint }),
  failure,
});

export const outOfTime = (seconds: number, unready: readonly string[], at: Place | undefined): Problem => ({
  code: 'out-of-time',
  kind: 'undecided',
  message: `Not everything was ready within ${seconds} s.`,
  ...(at && { at }),
  details: unready,
  hint: 'The cluster goes on; see paas status. To wait longer: --timeout.',
});

export const outOfTimeSilent = (seconds: number): Problem => ({
  code: 'out-of-time',
  kind: 'undecided',
  message: `The cluster's API no longer answered when the ${seconds} s were over: nothing is known of the app.`,
  hint: 'Look at the cluster; then run the same command again.',
});

export const stillThere = (seconds: number, names: readonly string[]): Problem => ({
  code: 'still-there',
  kind: 'undecided',
  message: `Not everything was gone within ${seconds} s.`,
  details: names,
  hint: 'The cluster goes on deleting; the same command again looks whether it is done. To wait longer: --timeout.',
});

export const confirmationNeeded = (what: string): Problem => ({
  code: 'confirmation-needed',
  kind: 'refused',
  message: `${what} needs a yes, and there is no terminal to ask at.`,
  hint: 'Say it with --yes.',
});

export const declined = (): Problem => ({
  code: 'declined',
  kind: 'declined',
  message: 'Not confirmed; nothing was changed.',
});

export const unknownComponent = (
  name: string,
  known: readonly string[],
  meant: string | undefined,
): Problem => ({
  code: 'unknown-component',
  kind: 'usage',
  message: `There is no component ${name}; there is ${known.join(', ') || 'none'}.`,
  ...(meant && { hint: `Did you mean ${meant}?` }),
});

export const secretMissing = (name: string, at: Place | undefined): Problem => ({
  code: 'secret-missing',
  kind: 'refused',
  message: `The secret ${name} is not stored in this environment.`,
  ...(at && { at }),
  hint: `Store it with paas secrets set ${name}.`,
});

/** `cost`: of deleting it and making it again; undefined where that is never done, because it holds data. */
export const fixedForEver = (
  object: string,
  fields: readonly string[],
  cost: string | undefined,
): Problem => ({
  code: 'fixed-for-ever',
  kind: 'refused',
  message: `${object} is there with other ${fields.join(', ')}, which Kubernetes can't change.`,
  hint: cost
    ? `--recreate ${object} deletes it and makes it again: ${cost}.`
    : 'It holds data, and is never deleted by a deploy. Leave it in the file as it is there, or give the volume another name: that is a new one, and the old one stays. To enlarge one: kubectl patch persistentvolumeclaim.',
});

export const unknownObject = (
  name: string,
  changing: readonly string[],
  meant: string | undefined,
): Problem => ({
  code: 'unknown-object',
  kind: 'usage',
  message: `--recreate ${name}: this app has no such object. ${
    changing.length > 0 ? `What would change: ${changing.join(', ')}.` : 'Nothing would change.'
  }`,
  hint: meant ? `Did you mean --recreate ${meant}?` : 'Objects are named as in paas diff: deployment/web.',
});

export const notDeployed = (component: string, environment: string): Problem => ({
  code: 'not-deployed',
  kind: 'refused',
  message: `${component} is not deployed in ${environment}.`,
  hint: 'Deploy first: paas deploy.',
});

export const cannotRun = (
  component: string,
  cause: { readonly code: string; readonly message: string },
): Problem => ({
  code: cause.code,
  kind: 'failed',
  message: `${component}: ${cause.message}`,
});

/** A saved plan meets a cluster that is another one by now. */
export const planMoved = (before: number, now: number, objects: readonly string[]): Problem => ({
  code: 'plan-moved',
  kind: 'refused',
  message: `What the saved plan would change has changed since it was made: ${[
    ...(before === now ? [] : [`the last release is ${now}, it was ${before}`]),
    ...(objects.length > 0 ? [objects.slice(0, 8).join(', ') + (objects.length > 8 ? ' …' : '')] : []),
  ].join('; ')}.`,
  hint: 'Nothing was touched. Look again: paas diff --out FILE',
});

/** What a saved plan can't hold. */
export const planNotBuilt = (components: readonly string[]): Problem => ({
  code: 'plan-not-built',
  kind: 'usage',
  message: `A saved plan says each image by name, and ${components.join(', ')} ${
    components.length === 1 ? 'is' : 'are'
  } built from source; diff builds nothing.`,
  hint: `Build and push first, then say the image: ${components
    .map((name) => `--image ${name}=IMAGE@sha256:…`)
    .join(' ')}`,
});

/** What `--plan` names is no plan. */
export const planFileBroken = (path: string, reason: string): Problem => ({
  code: 'plan-broken',
  kind: 'usage',
  message: `The plan ${path} can't be read: ${reason}.`,
  hint: 'Make it with paas diff --out FILE.',
});
