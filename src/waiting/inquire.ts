import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { type LogOptions, readLog } from '../cluster/logs.ts';
import type { ContainerStatus } from '../readiness/container.ts';
import { type Facts, type Finding, findingKey, type Listener } from '../readiness/facts.ts';
import { askedPort, refusedProbe, refusedRequest } from '../readiness/probe.ts';
import { askAgain } from './ask-again.ts';
import { findListener, portsToTry } from './find-listener.ts';

/** How many of a program's last lines are kept. */
const lines = 20;
/** Of more instances of a component nothing new is learnt. */
const asksOfEach = 2;
/** Milliseconds until what a program answers is looked at again: twice as many each time, to a limit. */
const lookAgainAfter = 1_000;
const rarest = 30_000;
/** Milliseconds that an answer may take. */
const longestAnswer = 5_000;
/** How often the end of a log is read at most, and the milliseconds in between. */
const mostReads = 5;
const betweenReads = 250;

/** Asks for what the objects don't tell, while a wait goes on. */
export interface Inquiry {
  readonly findings: ReadonlyMap<string, Finding>;
  /** Asks about instances that aren't ready; each run of a program once. */
  readonly look: (pods: readonly KubeObject[], facts: Facts) => void;
  /** Resolves when everything that was asked has been answered, or had the time to. */
  readonly settled: () => Promise<unknown>;
}

/** `changed` is called when something was found out. */
export function makeInquiry(
  cluster: Cluster,
  namespace: string,
  changed: () => void,
  signal: AbortSignal,
): Inquiry {
  const findings = new Map<string, Finding>();
  /** How often it was asked, and when it may be asked again: not before an answer is there. */
  const asked = new Map<string, { readonly times: number; readonly again: number }>();
  const under = new Set<Promise<void>>();
  const ask = (key: string, find: (limit: AbortSignal) => Promise<Finding | undefined>): void => {
    const times = (asked.get(key)?.times ?? 0) + 1;
    asked.set(key, { times, again: Number.POSITIVE_INFINITY });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(longestAnswer)]);
    const answer: Promise<void> = find(limit)
      .then((finding) => {
        if (finding) findings.set(key, finding);
        else findings.delete(key);
      })
      // What can't be found out isn't known: the cause stands without it.
      .catch(() => {})
      .then(() => {
        under.delete(answer);
        asked.set(key, { times, again: performance.now() + pauseAfter(times) });
        changed();
      });
    under.add(answer);
  };
  const look = (pods: readonly KubeObject[], facts: Facts): void => {
    for (const pod of pods.filter(isUnready).slice(0, asksOfEach)) {
      for (const status of statusesOf(pod)) {
        const { name, restartCount, state, lastState } = status;
        const ended = state?.terminated ?? (state?.running ? undefined : lastState?.terminated);
        if (ended && ended.exitCode !== 0) {
          const key = findingKey(pod, name, state?.terminated ? restartCount : restartCount - 1);
          if (asked.has(key)) continue;
          const of = { namespace, pod: pod.metadata.name, container: name, tail: lines };
          const previous = !state?.terminated;
          ask(key, async (limit) => ({
            lines: await readToEnd(cluster, { ...of, previous, signal: limit }),
          }));
        } else if (state?.running && !status.ready) {
          const key = findingKey(pod, name, restartCount);
          if (performance.now() < (asked.get(key)?.again ?? 0)) continue;
          const at = { pod: pod.metadata.name, container: name };
          const request = refusedRequest(pod, facts, at);
          if (request) {
            ask(key, async (limit) => {
              const answer = await askAgain(cluster, pod, request, limit);
              return answer && { answer };
            });
            continue;
          }
          const port = askedPort(pod, name);
          const refusal = refusedProbe(pod, facts, at)?.metadata.resourceVersion;
          if (port === undefined || refusal === undefined) continue;
          ask(key, async (limit) => {
            const before = findings.get(key)?.listener;
            const ports = before ? [port, before.port] : portsToTry(pod, name, port);
            const found = await findListener(cluster, pod, ports, limit);
            if (found === undefined) return undefined;
            const listener: Listener = { port: found, asked: port, at: Date.now(), refusal };
            return { listener: before?.port === found ? before : listener };
          });
        }
      }
    }
  };
  return { findings, look, settled: () => Promise.all(under) };
}

/** A program that was just started may listen a moment later: the first looks follow closely upon one another. */
function pauseAfter(times: number): number {
  return Math.min(rarest, lookAgainAfter * 2 ** (times - 1));
}

/**
 * The last lines of a program that has ended. Its last words may arrive in the log a moment after its end is known, so
 * it is read until it says the same twice.
 */
async function readToEnd(cluster: Cluster, options: LogOptions): Promise<string[]> {
  let before: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const now = await readLog(cluster, options);
    const same = now.length > 0 && now.join('\n') === before.join('\n');
    if (same || attempt >= mostReads) return now;
    before = now;
    await sleep(betweenReads, undefined, { signal: options.signal });
  }
}

function isUnready({ metadata, status }: KubeObject): boolean {
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  return (
    !metadata.deletionTimestamp && !conditions.some((one) => one.type === 'Ready' && one.status === 'True')
  );
}

function statusesOf({ status }: KubeObject): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
