import type { Page } from './page.ts';

/** Releases, rollbacks, the lock by hand and scaling by hand. */
export const releasePages: Readonly<Record<string, Page>> = {
  frozen: {
    title: 'the environment is locked',
    why: 'Somebody said by paas lock that nothing is to be changed for now. Deploys, rollbacks, scaling, restarts and deleting are refused until it is unlocked.',
    fix: ['Ask who locked it: the message names them and why.', 'Unlock it: paas unlock. Anybody may.'],
  },
  'no-release': {
    title: 'there is no release',
    why: 'No release of this app is recorded in this environment, in this namespace of this cluster.',
    fix: ['Deploy first: paas deploy.', 'Look at --env, --namespace and --context.'],
  },
  'unknown-release': {
    title: 'there is no such release',
    why: 'Its number was never given, or it is so old that it was forgotten: the newest 20 are kept, for a year, and of older ones the last 5 that succeeded.',
    fix: ['Take one that paas releases lists.'],
  },
  'jobs-unfinished': {
    title: 'the newest release has unfinished jobs',
    why: 'Another size, or a part of an older release, is brought on top of the newest release. That one did not succeed, and its before_deploy or once jobs have not ended well: its images and config would run without them, such as without the migration of a database.',
    fix: [
      'Mend it and deploy again: paas deploy.',
      'Go back to the last good release as a whole: paas rollback.',
    ],
  },
  'nothing-to-roll-back-to': {
    title: 'there is nothing to roll back to',
    why: 'Without a number a rollback takes the last release that succeeded before the one that is live, and was something else. There is none.',
    fix: ['Take one by its number: paas rollback N.', 'Deploy what you want instead.'],
  },
  'secret-version-gone': {
    title: 'a secret of that release is gone',
    why: 'A release keeps the versions of the secrets that it used, not their values. Somebody removed the secret, by paas secrets remove or by hand.',
    fix: [
      'Bring the images back alone, with the secrets of now: paas rollback N --image-only.',
      'Store the value anew (paas secrets set NAME) and deploy.',
    ],
  },
  'record-broken': {
    title: 'a record cannot be read',
    why: 'The record of a release, or of what is ours, stands in Secrets of the namespace. One of them was removed or written over.',
    fix: [
      'Of a release: take another one. Deploys need none of the old ones.',
      'Of the inventory: remove the rest of it, as the hint says. The next deploy finds by their labels which objects are ours.',
    ],
  },
  'scaled-by-policy': {
    title: 'it is scaled by its policy',
    why: 'The component has a scaling_policy: an autoscaler writes the number of its instances, and would take back one that is set by hand.',
    fix: ['Change min_instances or max_instances in its scaling_policy, and deploy.'],
  },
  'several-environments': {
    title: 'which environment is meant?',
    why: 'Without its file an app is found by its records. In this namespace there are those of several environments.',
    fix: ['Say which: --env NAME.'],
  },
  'rollback-failed': {
    title: 'a release failed, and so did taking it back',
    why: 'The last good release was brought back because a deploy failed, and did not become ready either: what it needs may be gone, such as a database, an image or room in the cluster.',
    fix: ['Read why each failed: paas why N.', 'Look at what runs: paas status, paas logs.'],
  },
};
