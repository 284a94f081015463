import { keyPlaceAt, type MapValue, type Path } from '../document/value.ts';
import { checkWithoutPort, noCheck } from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import type { Check, Component, Probe } from './app.ts';
import { describePath } from './paths.ts';

/** What `health` says after completion: a probe (the readiness, written short), and others inside it. */
export interface HealthInput extends ProbeInput {
  readonly readiness?: ProbeInput;
  readonly startup?: ProbeInput;
  readonly liveness?: ProbeInput;
}

export interface ProbeInput {
  readonly http?: string;
  readonly tcp?: number;
  readonly grpc?: number;
  readonly command?: readonly string[];
  readonly port?: number;
  readonly delay?: number;
  readonly interval?: number;
  readonly timeout?: number;
  readonly failures?: number;
}

/** How a component is asked when the file doesn't say it: whether its port accepts a connection. */
const unasked = { delay: 0, interval: 5, timeout: 2, failures: 3 };

/** The probes of a component. Without `health` a port is asked over TCP; without a port nothing is. */
export function buildHealth(
  health: HealthInput | undefined,
  port: number | undefined,
  root: MapValue,
  path: Path,
  problems: Problem[],
): Component['health'] {
  const fallback: Probe | undefined = port ? { ...unasked, check: { type: 'tcp', port } } : undefined;
  if (!health) return { startup: undefined, readiness: fallback, liveness: undefined };
  const probe = (input: ProbeInput | undefined, at: Path): Probe | undefined =>
    input && buildProbe(input, port, root, at, problems);
  const { startup, liveness, readiness, ...own } = health;
  const asks = checkKeys(own).length > 0 || (!startup && !liveness);
  return {
    startup: probe(startup, [...path, 'startup']),
    readiness: readiness ? probe(readiness, [...path, 'readiness']) : asks ? probe(own, path) : fallback,
    liveness: probe(liveness, [...path, 'liveness']),
  };
}

function buildProbe(
  input: ProbeInput,
  main: number | undefined,
  root: MapValue,
  path: Path,
  problems: Problem[],
): Probe | undefined {
  const [key, another] = checkKeys(input);
  // Two of them have their problem already.
  if (another) return undefined;
  const port = input.port ?? main;
  if (!key) {
    if (port === undefined) problems.push(noCheck(keyPlaceAt(root, path), describePath(path)));
    return port === undefined ? undefined : { ...timing(input), check: { type: 'tcp', port } };
  }
  if (key === 'http' && port === undefined) {
    problems.push(checkWithoutPort(keyPlaceAt(root, [...path, 'http']), String(path[1])));
    return undefined;
  }
  return { ...timing(input), check: checkOf(input, port ?? 0) };
}

function checkKeys(input: ProbeInput): string[] {
  return (['http', 'tcp', 'grpc', 'command'] as const).filter((key) => input[key] !== undefined);
}

function checkOf(input: ProbeInput, port: number): Check {
  if (input.http !== undefined) return { type: 'http', path: input.http, port };
  if (input.tcp !== undefined) return { type: 'tcp', port: input.tcp };
  if (input.grpc !== undefined) return { type: 'grpc', port: input.grpc };
  return { type: 'command', command: input.command ?? [] };
}

/** Kubernetes takes whole seconds, at least one (the delay: none). */
function timing(input: ProbeInput): Omit<Probe, 'check'> {
  const { delay, interval, timeout, failures } = { ...unasked, ...input };
  const whole = (seconds: number): number => Math.max(1, Math.ceil(seconds));
  return { delay: Math.ceil(delay), interval: whole(interval), timeout: whole(timeout), failures };
}
