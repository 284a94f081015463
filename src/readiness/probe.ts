import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, ProbeAnswer } from './cause.ts';
import type { ContainerPlace } from './container.ts';
import { eventsAbout, eventTime, type Facts, type Finding, type Listener } from './facts.ts';

interface ProbeSpec {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly grpc?: { readonly port: number };
  readonly exec?: { readonly command?: readonly string[] };
  readonly timeoutSeconds?: number;
}

/** What the last failed probe of a container got, as the kubelet's event says it; undefined when none has failed. */
export function probeFailing(
  pod: KubeObject,
  facts: Pick<Facts, 'events' | 'before'>,
  at: ContainerPlace,
  finding: Finding | undefined,
): Cause | undefined {
  // Of a container that was told to end, or of another one, nothing is said.
  const unhealthy = eventsAbout(pod, facts)
    .filter(({ reason, involvedObject }) => reason === 'Unhealthy' && isOf(involvedObject?.fieldPath, at))
    .at(-1);
  const words = (unhealthy?.message as string | undefined)?.trim();
  if (!words) return undefined;
  const which = (/^(startup|readiness|liveness) probe/i.exec(words)?.[1]?.toLowerCase() ??
    'readiness') as ProbeAnswer['which'];
  const spec = probeSpec(pod, at.container, which);
  const got = describeGot(words, spec);
  const body = got === `status ${finding?.answer?.status}` ? finding?.answer?.body : undefined;
  const answer: ProbeAnswer = {
    which,
    asked: describeAsked(spec),
    got: body ? `${got}: ${body}` : got,
  };
  const found = finding?.listener;
  const listener = found && answer.got === refusal && isAfter(unhealthy, found) ? found : undefined;
  const base = { class: 'budgeted' as const, key: 'health', probe: answer, ...at };
  if (listener && listener.port === listener.asked) {
    return {
      ...base,
      code: 'listens-on-localhost',
      message: `It runs, but listens on port ${listener.port} of localhost only: nobody outside its container reaches it.`,
      key: 'port',
      hint: `Let it listen on all addresses: 0.0.0.0:${listener.port} in place of 127.0.0.1 or localhost.`,
    };
  }
  if (listener) {
    return {
      ...base,
      code: 'listens-elsewhere',
      message: `It runs, but listens on port ${listener.port}, not on ${listener.asked}.`,
      key: 'port',
      hint: `Say port: ${listener.port}, or let it listen on the port that the variable PORT says.`,
    };
  }
  const message = `It runs, but isn't ready: its ${which} check (${answer.asked}) got ${answer.got}.`;
  return { ...base, code: 'probe-failing', message };
}

/** An event may arrive seconds after what it tells of: by then a program that was slow to start listens. */
function isAfter(refused: KubeObject | undefined, { at, refusal }: Listener): boolean {
  // The kubelet tells whole seconds, cut off.
  return refused !== undefined && refused.metadata.resourceVersion !== refusal && eventTime(refused) > at;
}

/** The event of a probe whose connection was refused: the last, where that is what it got. */
export function refusedProbe(
  pod: KubeObject,
  facts: Pick<Facts, 'events' | 'before'>,
  at: ContainerPlace,
): KubeObject | undefined {
  const last = eventsAbout(pod, facts)
    .filter(({ reason, involvedObject }) => reason === 'Unhealthy' && isOf(involvedObject?.fieldPath, at))
    .at(-1);
  return /connection refused/.test((last?.message as string | undefined) ?? '') ? last : undefined;
}

/** What an HTTP check asks that got a status which it doesn't take; undefined where that isn't how it failed. */
export function refusedRequest(
  pod: KubeObject,
  facts: Pick<Facts, 'events' | 'before'>,
  at: ContainerPlace,
): { readonly port: number; readonly path: string } | undefined {
  const last = eventsAbout(pod, facts)
    .filter(({ reason, involvedObject }) => reason === 'Unhealthy' && isOf(involvedObject?.fieldPath, at))
    .at(-1);
  const words = (last?.message as string | undefined) ?? '';
  const which = /^(startup|readiness|liveness) probe failed: HTTP probe/i.exec(words)?.[1]?.toLowerCase();
  const asked = which ? probeSpec(pod, at.container, which)?.httpGet : undefined;
  const port = Number(asked?.port);
  return asked && Number.isInteger(port) ? { port, path: asked.path ?? '/' } : undefined;
}

/** `spec.containers{web}` */
function isOf(fieldPath: string | undefined, { container }: ContainerPlace): boolean {
  return fieldPath === undefined || fieldPath.endsWith(`{${container}}`);
}

function probeSpec(pod: KubeObject, container: string, which: string): ProbeSpec | undefined {
  const containers = (pod.spec?.containers ?? []) as { name: string; [probe: string]: unknown }[];
  return containers.find(({ name }) => name === container)?.[`${which}Probe`] as ProbeSpec | undefined;
}

/** The port that a container is asked at when it is to become ready, where it is asked over the network. */
export function askedPort(pod: KubeObject, container: string): number | undefined {
  for (const which of ['startup', 'readiness']) {
    const spec = probeSpec(pod, container, which);
    const port = Number(spec?.httpGet?.port ?? spec?.tcpSocket?.port ?? spec?.grpc?.port);
    if (Number.isInteger(port)) return port;
  }
  return undefined;
}

function describeAsked(spec: ProbeSpec | undefined): string {
  if (spec?.httpGet) return `GET ${spec.httpGet.path ?? '/'} on port ${spec.httpGet.port}`;
  if (spec?.tcpSocket) return `a connection to port ${spec.tcpSocket.port}`;
  if (spec?.grpc) return `gRPC health on port ${spec.grpc.port}`;
  if (spec?.exec) return (spec.exec.command ?? []).join(' ');
  return 'as the cluster defines it';
}

const refusal = 'connection refused';

/** The kubelet's words, shorter. Source: Kubernetes, pkg/probe. */
function describeGot(words: string, spec: ProbeSpec | undefined): string {
  const status = /probe failed with statuscode: (\d+)/i.exec(words)?.[1];
  if (status) return `status ${status}`;
  if (/connection refused/.test(words)) return refusal;
  if (/deadline exceeded|i\/o timeout|timed out|Timeout exceeded/i.test(words))
    return `no answer within ${spec?.timeoutSeconds ?? 1} s`;
  if (/connection reset by peer|\bEOF\b/.test(words)) return 'a connection that was closed without an answer';
  if (/no route to host/.test(words)) return 'no way to it';
  const rest = words.replace(/^\w+ probe (failed|errored)( and resulted in \w+ state)?:\s*/i, '').trim();
  return rest === '' ? 'an error without words' : rest;
}
