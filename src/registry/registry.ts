import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';

/** A registry that can be asked. Made by `openRegistry`; `send.ts` speaks to it. */
export interface Registry {
  /** As references name it: `docker.io`, `localhost:5000`. */
  readonly host: string;
  /** Where it answers: `https://registry-1.docker.io`. */
  readonly origin: string;
  readonly credentials: Credentials | undefined;
  readonly dispatcher: Dispatcher;
  /** After so many milliseconds in which nothing at all moves, a request is given up. */
  readonly idle: number;
  /** The first pause before a request is repeated, in milliseconds; each further one is twice as long. */
  readonly backOff: number;
  /** What is learnt while asking it. */
  readonly session: RegistrySession;
}

export interface RegistrySession {
  challenge: Challenge | undefined;
  /** By the scopes that they are for; functions, as all secrets are. */
  readonly tokens: Map<string, { readonly header: () => string; readonly until: number }>;
  /** It has answered once: from then on a refused connection is a passing fault. */
  answered: boolean;
}

export interface RegistryOptions {
  readonly credentials?: Credentials | undefined;
  /** Reach it without TLS. Localhost always is, as Docker does it. */
  readonly plainHttp?: boolean | undefined;
  /** The environment: HTTP_PROXY, HTTPS_PROXY and NO_PROXY (and in lower case) are honoured. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly idle?: number;
  readonly backOff?: number;
}

/** Gets ready to ask a registry; asks nothing yet. `closeRegistry` ends its connections. */
export function openRegistry(host: string, options: RegistryOptions = {}): Registry {
  const { credentials, plainHttp = isThisMachine(host), env = {}, idle = 60_000, backOff = 250 } = options;
  return {
    host,
    origin: new URL(
      `${plainHttp ? 'http' : 'https'}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`,
    ).origin,
    credentials,
    dispatcher: makeDispatcher(env, idle),
    idle,
    backOff,
    session: { challenge: undefined, tokens: new Map(), answered: false },
  };
}

export async function closeRegistry(registry: Registry): Promise<void> {
  await registry.dispatcher.destroy();
}

/** Source: moby, registry/config.go: 127.0.0.0/8 and localhost are insecure registries by default. */
function isThisMachine(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}

function makeDispatcher(env: Readonly<Record<string, string | undefined>>, idle: number): Dispatcher {
  const how = { connect: { timeout: Math.min(idle, 15_000) }, headersTimeout: idle, bodyTimeout: idle };
  const of = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const httpProxy = of('HTTP_PROXY');
  const httpsProxy = of('HTTPS_PROXY');
  if (!httpProxy && !httpsProxy) return new Agent(how);
  // Left out, undici would read the environment itself; an empty one says: none.
  return new EnvHttpProxyAgent({
    ...how,
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: of('NO_PROXY') ?? '',
  });
}
