import type { App, Component, Traffic } from '../model/app.ts';
import { durationText } from './duration-text.ts';
import { isShared, ownerOfApp } from './labels.ts';
import { objectName } from './names.ts';

/** Where requests for a component go. */
export interface Destination {
  /** The name of its Service. */
  readonly service: string;
  /** The same for other namespaces: a short name would be looked up beside the one who reads it. */
  readonly host: string;
}

export function destinationOf(app: App, component: string): Destination {
  const service = objectName(app.name, component, isShared(app));
  return { service, host: `${service}.${ownerOfApp(app).namespace}.svc.cluster.local` };
}

/** How each request to a component is treated, as templates know it. */
export interface Treatment {
  readonly timeout: string | null;
  readonly retries: {
    readonly attempts: number;
    readonly timeout: string | null;
    readonly on: string | null;
  };
  readonly faults: {
    readonly delay: { readonly time: string; readonly share: number } | null;
    readonly abort: { readonly status: number; readonly share: number } | null;
  } | null;
  readonly mirror:
    | (Destination & { readonly port: number; readonly share: number; readonly millionths: number })
    | null;
}

export function treatmentOf(app: App, { traffic }: Component): Treatment {
  const { timeout = 0, faults, mirror } = traffic ?? {};
  const mirrored = app.components.find(({ name }) => name === mirror?.to);
  return {
    timeout: timeout > 0 ? durationText(timeout) : null,
    retries: retriesOf(traffic?.retries),
    faults:
      faults?.delay || faults?.abort
        ? {
            delay: faults.delay ? { time: durationText(faults.delay.time), share: faults.delay.share } : null,
            abort: faults.abort ?? null,
          }
        : null,
    mirror:
      mirror && mirrored?.port !== undefined
        ? {
            ...destinationOf(app, mirrored.name),
            port: mirrored.port,
            share: mirror.share,
            millionths: Math.round(mirror.share * 10_000),
          }
        : null,
  };
}

/** Whether a component says something of its requests that is decided before an instance is chosen. */
export const isTreated = ({ traffic }: Component): boolean =>
  traffic !== undefined &&
  [traffic.timeout, traffic.retries, traffic.faults, traffic.mirror].some((said) => said !== undefined);

/**
 * Istio tries twice again where nothing is said, for reasons that include answers of the program: a payment could be
 * made twice. Only what surely never reached a program is tried again here; that is said always, so that it holds.
 * Source: Istio, HTTPRetry; Envoy, x-envoy-retry-on.
 */
const unlessSaid = ['connect_failure', 'refused'];

function retriesOf(said: Traffic['retries']): Treatment['retries'] {
  const { attempts, timeout = 0, on } = said ?? { attempts: 2, on: unlessSaid };
  if (attempts === 0) return { attempts, timeout: null, on: null };
  return {
    attempts,
    timeout: timeout > 0 ? durationText(timeout) : null,
    on: on.map((reason) => reasons[reason] ?? reason).join(','),
  };
}

const reasons: Readonly<Record<string, string>> = {
  connect_failure: 'connect-failure',
  refused: 'refused-stream',
  reset: 'reset',
  // gRPC says it in a trailer, HTTP by a status.
  unavailable: 'unavailable,503',
  gateway_error: 'gateway-error',
  server_error: '5xx',
};
