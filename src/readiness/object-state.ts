import { describeRef, type KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import type { Condition } from './condition.ts';

// How an object is that has no instances: each of these is one of its states, in the terms of a workload.

const one = { wanted: 1 } as const;

export const isReady = (message = 'ready'): Readiness => ({ ...one, state: 'ready', ready: 1, message });

/** It is on its way, and nobody is to blame. */
export const goesOn = (message: string): Readiness => ({ ...one, state: 'progressing', ready: 0, message });

type Words = Pick<Cause, 'code' | 'message' | 'key'>;

/** Somebody else's turn: it is waited for. */
export const waitsFor = (object: KubeObject, words: Words): Readiness => ({
  ...goesOn(words.message),
  cause: { ...words, class: 'waiting', object: nameOf(object) },
});

/** Its controller has said no. Some say so for a moment, until they have seen what else was made. */
export const isRefused = (object: KubeObject, words: Words): Readiness => ({
  ...goesOn(words.message),
  cause: { ...words, class: 'hopeless', object: nameOf(object) },
  settles: 'failed',
});

/** Nobody says anything of it; perhaps nobody ever will. `words`: of one of which somebody should. */
export const isSilent = (object: KubeObject, words?: Words): Readiness => ({
  ...goesOn(words?.message ?? 'nobody says how it is'),
  ...(words && { cause: { ...words, class: 'waiting', object: nameOf(object) } }),
  settles: 'ready',
});

/** `certificate/web` */
export function nameOf({ kind, metadata }: KubeObject): string {
  return describeRef({ kind, name: metadata.name });
}

/** The words of a condition, as a sentence goes on with them: `no certificate for it (NotReady)`. */
export function wordsOf({ reason, message, type, status }: Condition): string {
  const words = (message ?? '').trim().replace(/\.$/, '');
  if (!words) return reason ?? `${type} is ${status}`;
  return reason ? `${words} (${reason})` : words;
}

/** Whether what is said of an object is said of the newest of it, as far as it says of which. */
export function isCurrent({ metadata }: KubeObject, observed: number | undefined): boolean {
  return observed === undefined || observed >= (metadata.generation ?? 0);
}
