import { describeRef, type KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import { failedOf } from './instances.ts';

// What somebody deletes while it is waited for. It doesn't come back by itself.

const deleted = { code: 'object-deleted' } as const;

/** It is on its way out: it may be made again once it is gone, so that it isn't a failure yet. */
export function beingDeleted({ kind, metadata }: KubeObject, { ready, wanted }: Readiness): Readiness {
  const object = describeRef({ kind, name: metadata.name });
  const message = `Somebody is deleting ${object}.`;
  const cause: Cause = { ...deleted, class: 'waiting', message, object };
  return { state: 'progressing', ready, wanted, message: 'is being deleted', cause };
}

/** It is gone, and nobody makes it again. */
export function wasDeleted(of: {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
}): Readiness {
  const object = describeRef(of);
  const message = `Somebody deleted ${object} while it was waited for.`;
  const hint = 'The same command again makes it again; after paas scale and paas restart, paas deploy does.';
  return failedOf({ ...deleted, class: 'hopeless', message, hint, object }, 0, of.replicas);
}
