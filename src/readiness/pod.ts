import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';

/** Restarts that are forgiven. */
const restartBudget = 2;
/** Beyond what its probes allow, how long in milliseconds an instance may run without becoming ready. */
const patience = 180_000;

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Terminated;
}

interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** What keeps an instance from being ready, if anything does, and whether that is a failure by now. */
export function podCause(
  pod: KubeObject,
  events: readonly KubeObject[],
  now: number,
): { cause: Cause; failed: boolean } | undefined {
  if (pod.metadata.deletionTimestamp) return undefined;
  const unscheduled = unschedulable(pod);
  if (unscheduled) return { cause: unscheduled, failed: false };
  const statuses = (pod.status?.containerStatuses ?? []) as ContainerStatus[];
  for (const status of statuses.filter((candidate) => !candidate.ready)) {
    const found = containerCause(pod, status, events, now);
    if (found) return found;
  }
  return undefined;
}

export function isReady(pod: KubeObject): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && !pod.metadata.deletionTimestamp;
}

function containerCause(
  pod: KubeObject,
  status: ContainerStatus,
  events: readonly KubeObject[],
  now: number,
): { cause: Cause; failed: boolean } | undefined {
  const at = { pod: pod.metadata.name, container: status.name };
  const { waiting, running, terminated } = status.state ?? {};
  const last = terminated ?? status.lastState?.terminated;
  const waitingCause = waiting && describeWaiting(waiting, at);
  if (waitingCause) return { cause: waitingCause, failed: waitingCause.class === 'hopeless' };
  if (last && !running) {
    const cause = describeExit(last, status, at);
    return { cause, failed: cause.class === 'hopeless' || status.restartCount >= restartBudget };
  }
  if (running) {
    const cause = probeFailing(pod, events, at);
    const since = Date.parse(running.startedAt ?? '');
    return cause && { cause, failed: now - since > probeBudget(pod, status.name) + patience };
  }
  return undefined;
}

/** Kubernetes' reasons for a container that waits. Sources: kubelet's images and kuberuntime packages. */
function describeWaiting(
  { reason = '', message = '' }: { reason?: string; message?: string },
  at: { pod: string; container: string },
): Cause | undefined {
  const words = message.replace(/^.*?desc = /s, '').replace(/^(Back-off pulling image \S+: )?/, '');
  if (['ErrImagePull', 'ImagePullBackOff'].includes(reason)) return describePull(message, words, at);
  if (reason === 'InvalidImageName') {
    return {
      code: 'image-not-found',
      class: 'hopeless',
      message: `The image's name is not valid: ${words}`,
      key: 'image',
      ...at,
    };
  }
  if (reason === 'CreateContainerConfigError' && /run as root|non-numeric user/.test(message)) {
    const hint = 'Build the image with USER and a number other than 0, such as USER 65532.';
    return {
      code: 'runs-as-root',
      class: 'hopeless',
      message: `The image wants to run as root: ${words}.`,
      key: 'image',
      hint,
      ...at,
    };
  }
  if (reason === 'CreateContainerConfigError') {
    const passing = /failed to sync|timed out/.test(message);
    return {
      code: 'bad-config',
      class: passing ? 'waiting' : 'hopeless',
      message: `Its configuration can't be made: ${words}.`,
      ...at,
    };
  }
  if (['CreateContainerError', 'RunContainerError'].includes(reason)) {
    return {
      code: 'cannot-start',
      class: 'budgeted',
      message: `The container can't be started: ${words}.`,
      ...at,
    };
  }
  return undefined;
}

function describePull(message: string, words: string, at: { pod: string; container: string }): Cause {
  const pull = { key: 'image', ...at };
  if (/not found|manifest unknown|does not exist|no match for platform/i.test(message)) {
    const hint = 'Is the name right, has the tag been pushed, for this kind of machine?';
    return {
      code: 'image-not-found',
      class: 'hopeless',
      message: `The image isn't there: ${words}`,
      hint,
      ...pull,
    };
  }
  if (/unauthorized|authentication required|denied|forbidden|\b40[13]\b/i.test(message)) {
    return {
      code: 'image-refused',
      class: 'hopeless',
      message: `The registry refuses the image: ${words}`,
      ...pull,
    };
  }
  return { code: 'image-pull', class: 'waiting', message: `The image isn't pulled yet: ${words}`, ...pull };
}

function describeExit(
  last: Terminated,
  status: ContainerStatus,
  at: { pod: string; container: string },
): Cause {
  const times = status.restartCount > 0 ? `, ${status.restartCount + 1} times` : '';
  const previous = status.restartCount > 0 && !status.state?.terminated;
  const base = { class: 'budgeted' as const, exitCode: last.exitCode, previous, ...at };
  if (last.reason === 'OOMKilled') {
    const hint = 'Give it more with resources: {memory: …}, or make the program use less.';
    return {
      ...base,
      code: 'out-of-memory',
      message: `It used more memory than it may and was ended${times}.`,
      key: 'resources',
      hint,
    };
  }
  if (last.reason === 'StartError' || last.reason === 'ContainerCannotRun') {
    const words = (last.message ?? '')
      .replace(/^.*?(exec: |starting container process caused: )/s, '')
      .trim();
    return {
      ...base,
      class: 'hopeless',
      code: 'cannot-start',
      message: `The program can't be started: ${words}.`,
      key: 'command',
    };
  }
  if (last.exitCode === 0) {
    return {
      ...base,
      code: 'exited',
      message: `The program ended by itself${times}, with exit code 0; a component must go on running.`,
    };
  }
  // A shell's convention: 128 and the number of the signal that ended it.
  const signal =
    last.signal ?? (last.exitCode > 128 && last.exitCode < 160 ? last.exitCode - 128 : undefined);
  const by = signal ? `was ended by signal ${signal}` : `ended with exit code ${last.exitCode}`;
  return { ...base, code: 'crash', message: `The program ${by}${times}.`, ...(signal && { signal }) };
}

function probeFailing(
  pod: KubeObject,
  events: readonly KubeObject[],
  at: { pod: string; container: string },
): Cause | undefined {
  const unhealthy = events
    .filter((event) => event.reason === 'Unhealthy' && event.involvedObject?.uid === pod.metadata.uid)
    .sort((a, b) => eventTime(a) - eventTime(b))
    .at(-1);
  const words = (unhealthy?.message as string | undefined)?.trim();
  if (!words) return undefined;
  return {
    code: 'probe-failing',
    class: 'budgeted',
    message: `It runs, but isn't ready: ${words}.`,
    key: 'health',
    ...at,
  };
}

function eventTime(event: KubeObject): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '');
}

function unschedulable(pod: KubeObject): Cause | undefined {
  const conditions = (pod.status?.conditions ?? []) as {
    type: string;
    status: string;
    reason?: string;
    message?: string;
  }[];
  const found = conditions.find(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  return (
    found && {
      code: 'unschedulable',
      class: 'waiting',
      message: `No node has room for it: ${found.message ?? ''}`,
      pod: pod.metadata.name,
      key: 'resources',
    }
  );
}

/** How long the probes of a container allow it to become ready, in milliseconds. */
function probeBudget(pod: KubeObject, container: string): number {
  const containers = (pod.spec?.containers ?? []) as {
    name: string;
    startupProbe?: ProbeSpec;
    readinessProbe?: ProbeSpec;
  }[];
  const spec = containers.find(({ name }) => name === container);
  return [spec?.startupProbe, spec?.readinessProbe].reduce(
    (sum, probe) =>
      sum +
      ((probe?.initialDelaySeconds ?? 0) + (probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0)) *
        1000,
    0,
  );
}

interface ProbeSpec {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}
