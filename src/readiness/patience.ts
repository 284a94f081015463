import type { KubeObject } from '../cluster/cluster.ts';

// How long is waited.
//
//   allowance = (delay + interval × failures) of the startup probe + (delay + interval × failures) of the readiness probe
//   an instance that runs may take                   its allowance + 3 min           until it is ready
//   a component of which nothing changes may take    the longest allowance + 5 min   until something does
//
// Both begin anew with what happens: a run of the program that starts, an instance that comes, goes or gets further.
// What only repeats itself is nothing new: a probe that fails again, a back-off, a scheduler that tries again. While an
// image is being pulled nobody tells how far it is: then only --timeout ends the wait. A crash has a budget of its own.

/** Beyond what the probes allow, in milliseconds. */
export const patience = 180_000;
/** The same for a component of which nothing changes: a node that is added takes some minutes. */
const longestQuiet = 300_000;
/** Restarts that are forgiven. */
export const restartBudget = 2;

/** How long the probes of a container allow it to become ready, in milliseconds. */
export function probeAllowance(pod: KubeObject, container: string): number {
  const spec = containersOf(pod).find(({ name }) => name === container);
  return [spec?.startupProbe, spec?.readinessProbe].reduce((sum, probe) => sum + allowanceOf(probe), 0);
}

/** How long nothing may change of instances like these, in milliseconds. */
export function quietAllowance(pods: readonly KubeObject[]): number {
  const all = pods.flatMap((pod) => containersOf(pod).map(({ name }) => probeAllowance(pod, name)));
  return Math.max(0, ...all) + longestQuiet;
}

interface ContainerSpec {
  readonly name: string;
  readonly startupProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
}

interface ProbeSpec {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

function containersOf({ spec }: KubeObject): readonly ContainerSpec[] {
  return (spec?.containers ?? []) as ContainerSpec[];
}

/** What isn't said is what Kubernetes takes: every 10 s, 3 times. */
function allowanceOf(probe: ProbeSpec | undefined): number {
  if (!probe) return 0;
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe;
  return (initialDelaySeconds + periodSeconds * failureThreshold) * 1000;
}
