import type { Problem } from './problem.ts';

// Problems of releases: of going back to one, of reading one, of an app that nobody may change.

export const frozen = (
  environment: string,
  { by, at, message }: { readonly by: string; readonly at: string; readonly message: string },
): Problem => ({
  code: 'frozen',
  kind: 'locked',
  message: `${by} has locked ${environment} since ${at}: ${message}`,
  hint: 'Ask them. Once it may go on: paas unlock.',
});

export const noRelease = (app: string, environment: string, namespace: string): Problem => ({
  code: 'no-release',
  kind: 'refused',
  message: `There is no release of ${app} in ${environment}, namespace ${namespace}.`,
  hint: 'Deploy first: paas deploy. Is this the right environment (--env), namespace (--namespace) and cluster (--context)?',
});

export const unknownRelease = (number: number, known: readonly number[]): Problem => ({
  code: 'unknown-release',
  kind: 'usage',
  message: `There is no release ${number}; there is ${known.join(', ') || 'none'}.`,
  hint: 'Old releases are forgotten after a while. All that are kept: paas releases.',
});

export const jobsUnfinished = (release: number): Problem => ({
  code: 'jobs-unfinished',
  kind: 'refused',
  message: `Release ${release}, the newest, did not succeed, and its jobs have not ended well: what it brings must not run without them.`,
  hint: 'paas deploy tries it again; paas rollback goes back to the last good one.',
});

export const nothingToRollBackTo = (live: number): Problem => ({
  code: 'nothing-to-roll-back-to',
  kind: 'refused',
  message: `No release before ${live} that succeeded is something else than what is live.`,
  hint: 'paas releases lists them; paas rollback N takes one by its number.',
});

export const secretVersionGone = (
  release: number,
  missing: readonly { readonly name: string; readonly version: number }[],
): Problem => ({
  code: 'secret-version-gone',
  kind: 'refused',
  message: `Release ${release} needs a secret that is no longer stored.`,
  details: missing.map(({ name, version }) => `${name}, version ${version}`),
  hint: `Bring back the images alone, with the secrets of now: paas rollback ${release} --image-only.`,
});

export const recordBroken = (
  kind: string,
  name: string,
  namespace: string,
  missing: string | undefined,
): Problem => ({
  code: 'record-broken',
  kind: 'cluster',
  message: `The record ${name} can't be read: ${missing ? `its part ${missing} is missing` : 'somebody has changed it'}.`,
  hint:
    kind === 'inventory'
      ? `Remove what is left of it: kubectl delete secret ${name} -n ${namespace}. The next deploy finds by their labels which objects are ours.`
      : `What runs is not touched by it, and the next deploy works. Take another release, or remove this one: kubectl delete secret ${name} -n ${namespace}.`,
});

export const scaledByPolicy = (component: string, min: number, max: number): Problem => ({
  code: 'scaled-by-policy',
  kind: 'refused',
  message: `${component} is scaled by its policy, between ${min} and ${max} instances; a number by hand would be taken back at once.`,
  hint: 'Change min_instances or max_instances in scaling_policy, and deploy.',
});

export const severalEnvironments = (app: string, namespace: string, known: readonly string[]): Problem => ({
  code: 'several-environments',
  kind: 'usage',
  message: `${app} has several environments in the namespace ${namespace}: ${known.join(', ')}.`,
  hint: 'Say which: --env NAME.',
});

export const rollbackFailed = (failed: number, rollback: number): Problem => ({
  code: 'rollback-failed',
  kind: 'failed',
  message: `Release ${failed} failed, and taking it back (release ${rollback}) failed too.`,
  hint: `Why each failed: paas why ${failed}, paas why ${rollback}. What runs now: paas status.`,
});
