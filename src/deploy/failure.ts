import type { Cluster } from '../cluster/cluster.ts';
import { readLog } from '../cluster/logs.ts';
import type { Event } from '../events.ts';
import { componentFailed, outOfTime } from '../problems/deploy.ts';
import type { Place } from '../problems/problem.ts';
import type { Cause } from '../readiness/cause.ts';
import type { WaitResult } from './wait.ts';

/** How many of a program's last lines are shown. */
const lines = 10;

/** Where in paas.yaml a component says a key; the component itself where it doesn't. */
export type PlaceOf = (component: string, key: string | undefined) => Place | undefined;

/** What a wait that didn't end well tells a person: each failed component with its last words. */
export async function* describeFailure(
  cluster: Cluster,
  namespace: string,
  result: WaitResult,
  seconds: number,
  placeOf: PlaceOf,
): AsyncGenerator<Event & { type: 'problem' }> {
  const failed = [...result.components].filter(([, { state }]) => state === 'failed');
  for (const [component, { cause, message }] of failed) {
    const found: Cause = cause ?? { code: 'not-ready', class: 'budgeted', message };
    const words = await lastWords(cluster, namespace, found);
    const at = placeOf(component, found.key);
    yield { type: 'problem', problem: componentFailed(found, component, words, at) };
  }
  if (failed.length > 0) return;
  const unready = [...result.components].filter(([, { state }]) => state !== 'ready');
  const words = unready.map(([name, { message, cause }]) => `${name}: ${cause?.message ?? message}`);
  const at = placeOf(unready[0]?.[0] ?? '', unready[0]?.[1].cause?.key);
  yield { type: 'problem', problem: outOfTime(seconds, words, at) };
}

/** The last lines of the run that failed: of the one before, where the container was started again. */
async function lastWords(cluster: Cluster, namespace: string, cause: Cause): Promise<string[]> {
  const { pod, container } = cause;
  if (!pod || !container) return [];
  const of = { namespace, pod, container, tail: lines };
  const before = cause.previous ? await readLog(cluster, { ...of, previous: true }) : [];
  return before.length > 0 ? before : readLog(cluster, of);
}
