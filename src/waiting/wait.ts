import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import type { Event } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import { namespaceEnding } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import type { Readiness } from '../readiness/cause.ts';
import { wasDeleted } from '../readiness/deleted.ts';
import { whenNothingChanges, whileWaitingFor } from '../readiness/judge.ts';
import {
  type Awaited,
  type Facts,
  instancesOf,
  isAbsent,
  watchedOf,
  workloadReadiness,
} from '../readiness/workload.ts';
import { feelPulse } from './api-pulse.ts';
import { type Inquiry, makeInquiry } from './inquire.ts';
import { makeBell } from './make-bell.ts';
import { namespaceEnds } from './namespace-ends.ts';
import { noteAbsences } from './note-absences.ts';
import { type Notes, takeNotes } from './note-before.ts';
import { makeRedactor, type Redact } from './redact.ts';
import { watchFacts } from './watch-facts.ts';

export interface WaitResult {
  readonly state: 'ready' | 'failed' | 'undecided';
  /** The readiness of every component at the end. */
  readonly components: ReadonlyMap<string, Readiness>;
  /** Takes secret values out of what programs wrote. */
  readonly redact?: Redact;
  /** The components that wait for another, by that one. */
  readonly usedBy?: ReadonlyMap<string, readonly string[]>;
  /** Where the cluster's API no longer answered at the end. */
  readonly silent?: boolean;
  /** Of objects that are no workloads: the component that each belongs to. */
  readonly owners?: ReadonlyMap<string, string>;
}

/** Even where nothing happens, time goes by: it is looked at this often, in milliseconds. */
const tick = 1_000;
/** The part of the time in which it may be looked at: of a thousand components something changes all the time. */
const share = 0.1;
/** How long the cluster has to notice a change before that is worth a word, in milliseconds. */
const noticed = 3_000;

/**
 * Waits until everything awaited is ready, one of it has failed, or the time (milliseconds) is over.
 * Yields how far each is, when it changes. Only what happens from now on counts, and only while the cluster answers.
 */
export async function* waitReady(
  cluster: Cluster,
  plan: Pick<Plan, 'app' | 'environment' | 'namespace'>,
  awaited: readonly Awaited[],
  timeout: number,
  signal: AbortSignal,
): AsyncGenerator<Event, WaitResult> {
  if (awaited.length === 0) return { state: 'ready', components: new Map() };
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const bell = makeBell();
  const watched = watchFacts(cluster, plan, awaited, bell.ring, stop);
  const pulse = feelPulse(cluster, bell.ring, stop);
  const inquiry = makeInquiry(cluster, plan.namespace, bell.ring, stop);
  const absences = noteAbsences({ ...cluster, signal: stop }, plan.namespace);
  const redactorOf = makeRedactor(cluster, plan.namespace);
  const told = new Map<string, string>();
  const begun = performance.now();
  /** Milliseconds of the last look. */
  let took = 0;
  let notes: Notes | undefined;
  let silent: number | undefined;
  let components: ReadonlyMap<string, Readiness> = new Map();
  let redact: Redact = (text) => text;
  const usedBy = usersOf(awaited);
  const owners = new Map(awaited.flatMap(({ component, of }) => (of === undefined ? [] : [[component, of]])));
  try {
    for (;;) {
      await sleep(Math.min(tick, took / share));
      await bell.next(tick);
      signal.throwIfAborted();
      const late = performance.now() - begun > timeout;
      const since = pulse.silentSince(watched.heard());
      if (silent === undefined && since !== undefined) yield { type: 'cluster_silent' };
      if (silent !== undefined && since === undefined) {
        const seconds = Math.round((performance.now() - silent) / 1000);
        notes?.leaveOut(performance.now() - silent);
        absences.countAnew();
        yield { type: 'cluster_back', seconds };
      }
      silent = since;
      const facts = silent === undefined ? watched.now() : undefined;
      if (facts) {
        notes ??= takeNotes(facts);
        if (awaited.some((one) => goes(one, facts))) await endWithNamespace(cluster, plan.namespace);
        const deleted = await absences.deleted(awaited, facts);
        const waited = components.size > 0;
        const looked = performance.now();
        components = judge(awaited, facts, notes, inquiry, deleted);
        took = performance.now() - looked;
        if (needsLines(components)) {
          await inquiry.settled();
          components = judge(awaited, facts, notes, inquiry, deleted);
        }
        if ([...components.values()].some(({ cause }) => cause)) redact = await redactorOf(facts.pods);
        components = new Map([...components].map(([name, one]) => [name, redacted(one, redact)]));
        for (const [component, readiness] of components) {
          // Mostly it is noticed at once, and what stands there till then is how it was.
          if (readiness.unnoticed && performance.now() - begun < noticed) continue;
          const event = toEvent(component, readiness);
          const words = JSON.stringify(event);
          if (told.get(component) !== words) yield event;
          told.set(component, words);
        }
        const states = [...components.values()].map(({ state }) => state);
        const isFailed = states.includes('failed');
        const isReady = states.every((state) => state === 'ready');
        // What runs in a namespace that is being deleted fails by that, or may still become ready before its turn comes.
        // Where nothing had to be waited for, it was read a moment ago.
        if (isFailed || (isReady && waited)) await endWithNamespace(cluster, plan.namespace);
        if (isFailed) return { state: 'failed', components, redact, usedBy, owners };
        if (isReady) return { state: 'ready', components };
      }
      if (late && (components.size > 0 || silent !== undefined)) {
        return { state: 'undecided', components, redact, usedBy, owners, silent: silent !== undefined };
      }
    }
  } finally {
    ended.abort();
    await watched.ended();
  }
}

/** Whether it isn't there, or an instance of what was last asked for goes: both by somebody else, or with their namespace. */
function goes(one: Awaited, facts: Facts): boolean {
  return isAbsent(one, facts) || instancesOf(one, facts).some(({ metadata }) => metadata.deletionTimestamp);
}

async function endWithNamespace(cluster: Cluster, namespace: string): Promise<void> {
  if (await namespaceEnds(cluster, namespace)) fail({ ...namespaceEnding(namespace), kind: 'cluster' });
}

/** The readiness of every component, by all that is known. `deleted`: those that won't come back. */
function judge(
  awaited: readonly Awaited[],
  facts: Facts,
  notes: Notes,
  inquiry: Inquiry,
  deleted: ReadonlySet<string>,
): Map<string, Readiness> {
  const now = Date.now();
  notes.see(facts, now);
  const all = { ...facts, before: notes.before, findings: inquiry.findings };
  const first = readinessOf(awaited, all, now);
  return new Map(
    awaited.map((one) => {
      if (deleted.has(one.component)) return [one.component, wasDeleted(one)];
      const pods = instancesOf(one, facts);
      inquiry.look(pods, all);
      const used = (one.uses ?? []).filter((name) => first.get(name) && first.get(name)?.state !== 'ready');
      if (used.length > 0) notes.forgive(pods, now);
      const readiness = whileWaitingFor(first.get(one.component)!, used);
      const quiet = notes.quietFor(one.component, watchedOf(one, facts), all, now);
      return [one.component, whenNothingChanges(readiness, pods, quiet)];
    }),
  );
}

/** Whether a failure may have a closer cause in the last lines of a program, which are still being read. */
function needsLines(components: ReadonlyMap<string, Readiness>): boolean {
  return [...components.values()].some(({ state, cause }) => state === 'failed' && cause?.code === 'crash');
}

/** The components that use each. */
function usersOf(awaited: readonly Awaited[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { component, uses = [] } of awaited) {
    for (const used of uses) users.set(used, [...(users.get(used) ?? []), component]);
  }
  return users;
}

/** A readiness without secret values in what programs said. */
export function redacted(readiness: Readiness, redact: Redact): Readiness {
  const { message, cause } = readiness;
  if (!cause) return readiness;
  const { probe } = cause;
  return {
    ...readiness,
    message: redact(message),
    cause: {
      ...cause,
      message: redact(cause.message),
      ...(probe && { probe: { ...probe, got: redact(probe.got) } }),
    },
  };
}

/** The readiness of every component from objects that were read. */
export function readinessOf(awaited: readonly Awaited[], facts: Facts, now: number): Map<string, Readiness> {
  return new Map(awaited.map((one) => [one.component, workloadReadiness(one, facts, now)]));
}

function toEvent(component: string, { state, ready, wanted, old, message, cause }: Readiness): Event {
  return {
    type: 'progress',
    component,
    state,
    ready,
    wanted,
    ...(old !== undefined && { old }),
    message,
    ...(cause && { cause: { code: cause.code, class: cause.class, message: cause.message } }),
  };
}
