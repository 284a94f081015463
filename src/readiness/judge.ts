import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import { quietAllowance } from './patience.ts';

/**
 * A component that can't be ready before another one is: what it does meanwhile isn't counted. A cause that waiting
 * can't mend stays one.
 */
export function whileWaitingFor(readiness: Readiness, used: readonly string[]): Readiness {
  const { state, cause } = readiness;
  if (state === 'ready' || used.length === 0 || !cause || cause.class === 'hopeless') return readiness;
  const names = used.join(' and ');
  const waits: Cause = {
    code: 'uses-not-ready',
    class: 'waiting',
    message: `It waits for ${names}, which it uses and which ${used.length === 1 ? "isn't" : "aren't"} ready. Meanwhile: ${cause.message}`,
    key: 'uses',
    ...(cause.pod && { pod: cause.pod }),
    ...(cause.container && { container: cause.container }),
  };
  return { ...readiness, state: 'progressing', message: `waits for ${names}`, cause: waits };
}

/**
 * Milliseconds in which a controller may change its mind: it may have seen a route before what the route leads to.
 */
const secondThoughts = 5_000;

/** A component of which nothing has changed for too long fails of what it waits for. */
export function whenNothingChanges(
  readiness: Readiness,
  pods: readonly KubeObject[],
  quiet: number,
): Readiness {
  const { state, cause, settles } = readiness;
  if (settles !== undefined) {
    return quiet <= secondThoughts
      ? readiness
      : { ...readiness, state: settles, ready: settles === 'ready' ? 1 : 0 };
  }
  // Nobody tells how far a pull is; and what waits for another component fails with that one.
  if (state !== 'progressing' || !cause || ['image-pull', 'uses-not-ready'].includes(cause.code))
    return readiness;
  if (quiet <= quietAllowance(pods)) return readiness;
  return { ...readiness, state: 'failed', message: cause.message };
}
