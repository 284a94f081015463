import type { Cluster } from '../cluster/cluster.ts';
import { readLog } from '../cluster/logs.ts';
import type { Event } from '../events.ts';
import type { Difference } from '../plan/compare-plans.ts';
import { componentFailed, outOfTime, outOfTimeSilent } from '../problems/deploy.ts';
import type { Failure, Place } from '../problems/problem.ts';
import type { Cause } from '../readiness/cause.ts';
import type { WaitResult } from '../waiting/wait.ts';
import { guiltyChange } from './guilty-change.ts';

/** How many of a program's last lines are shown. */
const lines = 10;
/** Of a longer line only the beginning is. */
const longestLine = 400;

/** Where in paas.yaml a component says a key, such as `env.MODE`; the component itself where it doesn't. */
export type PlaceOf = (component: string, key: string | undefined) => Place | undefined;

/**
 * What a wait that didn't end well tells a person: each failed component with its last words. `differences`: what this
 * release changed against the last good one.
 */
export async function* describeFailure(
  cluster: Cluster,
  namespace: string,
  result: WaitResult,
  seconds: number,
  placeOf: PlaceOf,
  differences: readonly Difference[] = [],
): AsyncGenerator<Event & { type: 'problem' }> {
  const failed = [...result.components].filter(([, { state }]) => state === 'failed');
  for (const [name, { cause, message }] of failed) {
    const component = result.owners?.get(name) ?? name;
    const found: Cause = cause ?? { code: 'not-ready', class: 'budgeted', message };
    const words = await lastWords(cluster, namespace, found);
    const change = guiltyChange(found, component, differences);
    const at = placeOf(component, change?.key ?? found.key);
    const failure = toFailure(component, found, result, change?.words, namespace);
    const shown = shorten(words, result);
    yield { type: 'problem', problem: componentFailed(found, failure, shown, at) };
  }
  if (failed.length > 0) return;
  if (result.silent) {
    yield { type: 'problem', problem: outOfTimeSilent(seconds) };
    return;
  }
  const unready = [...result.components].filter(([, { state }]) => state !== 'ready');
  const words = unready.map(([name, { message, cause }]) =>
    cause && result.owners?.has(name) ? cause.message : `${name}: ${cause?.message ?? message}`,
  );
  const [component, readiness] = unready.find(([, { cause }]) => cause) ?? unready[0] ?? ['', undefined];
  const last = readiness?.cause ? await lastWords(cluster, namespace, readiness.cause) : [];
  if (last.length > 0) words.push(`The last lines of ${component}:`, ...shorten(last, result));
  const change = readiness?.cause && guiltyChange(readiness.cause, component, differences);
  const at = placeOf(component, change?.key ?? readiness?.cause?.key);
  yield { type: 'problem', problem: outOfTime(seconds, words, at) };
}

function toFailure(
  component: string,
  cause: Cause,
  { components, usedBy }: WaitResult,
  change: string | undefined,
  namespace: string,
): Failure {
  const { class: kind, object, pod, container, exitCode, signal, probe } = cause;
  const shows = object ?? (pod && `pod/${pod}`);
  const waiting = (usedBy?.get(component) ?? []).filter((name) => components.get(name)?.state !== 'ready');
  return {
    component,
    class: kind,
    ...(shows && { object: shows }),
    ...(container && { container }),
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(signal !== undefined && { signal }),
    ...(probe && { probe }),
    ...(change && { change }),
    ...(waiting.length > 0 && { waited_for_by: waiting }),
    next: nextAfter(cause, component, namespace),
  };
}

/** What shows more: of a program that ran its log; of an object that has none, what its controller says. */
function nextAfter(cause: Cause, component: string, namespace: string): string {
  const { code, object, pod, exitCode, probe } = cause;
  if (code === 'object-deleted') return 'paas status';
  const ran = (exitCode !== undefined || probe !== undefined) && code !== 'cannot-start';
  if (ran) return `paas logs ${component}`;
  return object && !pod ? `kubectl describe ${object} -n ${namespace}` : 'paas status';
}

/** Lines as they may be seen: without secret values, and not without end. */
function shorten(words: readonly string[], { redact = (line) => line }: WaitResult): string[] {
  return words
    .map(redact)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} …` : line));
}

/** The last lines of the run that failed: of the one before, where the container was started again. */
async function lastWords(cluster: Cluster, namespace: string, cause: Cause): Promise<string[]> {
  const { pod, container } = cause;
  if (!pod || !container) return [];
  const of = { namespace, pod, container, tail: lines };
  const before = cause.previous ? await readLog(cluster, { ...of, previous: true }) : [];
  return before.length > 0 ? before : readLog(cluster, of);
}
