import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, FoundCause } from './cause.ts';
import type { ContainerPlace, ContainerSpec, ContainerStatus, Terminated } from './container.ts';
import { describeExit } from './ended-container.ts';
import { containerKey, eventsAbout, eventTime, type Facts, findingKey } from './facts.ts';
import { nodeTrouble, ousted } from './node-trouble.ts';
import { patience, probeAllowance, restartBudget } from './patience.ts';
import { probeFailing } from './probe.ts';
import { pulledWithoutLogin } from './pulled-without-login.ts';
import { unschedulable } from './unschedulable.ts';
import { volumeUnbound } from './volume.ts';
import { describeWaiting } from './waiting-container.ts';

export type PodFacts = Pick<Facts, 'events' | 'claims' | 'before' | 'findings' | 'unwatched'>;

/** What keeps an instance from being ready, if anything does, and whether that is a failure by now. */
export function podCause(pod: KubeObject, facts: PodFacts, now: number): FoundCause | undefined {
  // One that was evicted or lost its node is replaced by another.
  if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Failed' || ousted(pod, facts))
    return undefined;
  const all = facts as Facts;
  const unscheduled = unschedulable(pod);
  if (unscheduled) return { cause: volumeUnbound(pod, all) ?? unscheduled, failed: false };
  const init = initCause(pod, facts, now);
  if (init) return init;
  const statuses = statusesOf(pod);
  for (const status of statuses.filter((candidate) => !candidate.ready)) {
    const found = containerCause(pod, status, facts, now);
    if (found) return found;
  }
  // Nothing of it runs yet, and the node says why.
  if (statuses.some(({ state }) => state?.running ?? state?.terminated)) return undefined;
  const trouble = nodeTrouble(pod, facts) ?? pulling(pod, facts);
  return trouble && { cause: trouble, failed: trouble.class === 'hopeless' };
}

/** What must end well, or be up, before the program starts. */
function initCause(pod: KubeObject, facts: PodFacts, now: number): FoundCause | undefined {
  const specs = (pod.spec?.initContainers ?? []) as ContainerSpec[];
  for (const status of (pod.status?.initContainerStatuses ?? []) as ContainerStatus[]) {
    const ended = status.state?.terminated;
    if (status.ready || ended?.exitCode === 0) continue;
    // A sidecar that is up needn't be ready for the program to start.
    const sidecar = specs.find(({ name }) => name === status.name)?.restartPolicy === 'Always';
    if (sidecar && status.state?.running) continue;
    const found = containerCause(pod, status, facts, now);
    if (!found) continue;
    const { code, message } = found.cause;
    const ran = code === 'crash' || code === 'exited';
    const words = message.replace(/^The program/, `${status.name}, which runs before the program,`);
    const cause = ran ? { ...found.cause, code: 'init-failed', message: words } : found.cause;
    return { ...found, cause };
  }
  return undefined;
}

function containerCause(
  pod: KubeObject,
  status: ContainerStatus,
  facts: PodFacts,
  now: number,
): FoundCause | undefined {
  const at = { pod: pod.metadata.name, container: status.name };
  const { waiting, running, terminated } = status.state ?? {};
  const last = terminated ?? status.lastState?.terminated;
  const waitingCause = waiting && describeWaiting(waiting, at, specOf(pod, status.name));
  if (waitingCause?.code === 'image-refused' && pulledWithoutLogin(pod, facts)) {
    return { cause: { ...waitingCause, class: 'waiting' }, failed: false };
  }
  if (waitingCause) {
    const failed =
      waitingCause.class === 'hopeless' || (waitingCause.class === 'budgeted' && isSpent(pod, status, facts));
    return { cause: waitingCause, failed };
  }
  if (last && !running) {
    const run = terminated ? status.restartCount : status.restartCount - 1;
    const lines = facts.findings?.get(findingKey(pod, status.name, run))?.lines ?? [];
    const cause =
      endedByProbe(pod, facts, at, last) ?? describeExit(last, status, at, specOf(pod, status.name), lines);
    return { cause, failed: cause.class === 'hopeless' || isSpent(pod, status, facts) };
  }
  if (running) {
    const key = findingKey(pod, status.name, status.restartCount);
    const again = startedAgain(pod, status, facts, now);
    if (again) return again;
    const cause = probeFailing(pod, facts, at, facts.findings?.get(key));
    const since = facts.before?.running.get(key) ?? Date.parse(running.startedAt ?? '');
    // One that certainly listens on localhost alone needs no more patience than its probes have.
    const more = cause?.code === 'listens-on-localhost' ? 0 : patience;
    return cause && { cause, failed: now - since > probeAllowance(pod, status.name) + more };
  }
  // A node with much to do tells what a check got before it tells that the program runs.
  const asked = probeFailing(pod, facts, at, undefined);
  return asked && { cause: asked, failed: false };
}

/** Of the program's containers; one of which nothing was told yet is as one that hasn't begun. */
function statusesOf({ spec, status }: KubeObject): ContainerStatus[] {
  const told = (status?.containerStatuses ?? []) as ContainerStatus[];
  return ((spec?.containers ?? []) as ContainerSpec[]).map(
    ({ name }) => told.find((one) => one.name === name) ?? { name, ready: false, restartCount: 0 },
  );
}

/** Milliseconds in which a program that was started again is rather about to end again than slow to answer. */
const youth = 15_000;

/** Why a program ended that has just been started again. */
function startedAgain(
  pod: KubeObject,
  status: ContainerStatus,
  facts: PodFacts,
  now: number,
): FoundCause | undefined {
  const last = status.lastState?.terminated;
  const key = findingKey(pod, status.name, status.restartCount);
  const since = facts.before?.running.get(key) ?? Date.parse(status.state?.running?.startedAt ?? '');
  if (!last || last.exitCode === 0 || now - since > youth) return undefined;
  const before = facts.before?.restarts.get(containerKey(pod, status.name)) ?? 0;
  if (status.restartCount <= before) return undefined;
  const at = { pod: pod.metadata.name, container: status.name };
  const lines = facts.findings?.get(findingKey(pod, status.name, status.restartCount - 1))?.lines ?? [];
  // Of the runs that have ended: this one hasn't.
  const ended = { ...status, restartCount: status.restartCount - 1, state: { terminated: last } };
  const cause =
    endedByProbe(pod, facts, at, last) ?? describeExit(last, ended, at, specOf(pod, status.name), lines);
  return { cause: { ...cause, previous: true }, failed: false };
}

/** Whether the restarts that are forgiven are used up: of those since the wait began. */
function isSpent(pod: KubeObject, { name, restartCount }: ContainerStatus, { before }: PodFacts): boolean {
  const key = containerKey(pod, name);
  const budget = before?.spent.has(key) ? 1 : restartBudget;
  return restartCount - (before?.restarts.get(key) ?? 0) >= budget;
}

/** A program that its node ended because of a check, as the kubelet's events say. */
function endedByProbe(
  pod: KubeObject,
  facts: PodFacts,
  at: ContainerPlace,
  last: Terminated,
): Cause | undefined {
  const killed = eventsAbout(pod, facts).findLast(
    ({ reason, message, involvedObject }) =>
      reason === 'Killing' &&
      /failed (liveness|startup) probe/.test(message) &&
      (involvedObject?.fieldPath as string | undefined)?.endsWith(`{${at.container}}`),
  );
  if (!killed || eventTime(killed) < Date.parse(last.startedAt ?? '')) return undefined;
  const cause = probeFailing(pod, facts, at, undefined);
  if (!cause?.probe || cause.probe.which === 'readiness') return undefined;
  const { which, asked, got } = cause.probe;
  const message = `Its node ended it because its ${which} check (${asked}) got ${got}.`;
  return { ...cause, message, exitCode: last.exitCode };
}

function specOf({ spec }: KubeObject, container: string): ContainerSpec | undefined {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])] as ContainerSpec[];
  return all.find(({ name }) => name === container);
}

/** An image that is on its way: no failure, but good to know. */
function pulling(pod: KubeObject, facts: Pick<Facts, 'events' | 'before'>): Cause | undefined {
  const last = eventsAbout(pod, facts)
    .filter(({ reason }) => reason === 'Pulling' || reason === 'Pulled')
    .at(-1);
  if (last?.reason !== 'Pulling') return undefined;
  const container = /\{(.*)\}/.exec(last.involvedObject?.fieldPath ?? '')?.[1];
  return {
    code: 'image-pull',
    class: 'waiting',
    message: 'Its image is being pulled.',
    key: 'image',
    pod: pod.metadata.name,
    ...(container && { container }),
  };
}
