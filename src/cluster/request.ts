import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { clusterUnreachable, clusterUntrusted, loginExpired } from '../problems/cluster.ts';
import { fail } from '../problems/problem.ts';
import { ApiError, type ApiStatus } from './api-error.ts';
import type { Cluster } from './cluster.ts';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the API: `/api/v1/namespaces/shop`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the first byte of the answer may take, in milliseconds. */
  readonly timeout?: number;
  /** The answer goes on as long as it likes, with any silence in between. */
  readonly endless?: boolean;
}

const attempts = 6;
/** Of a server that has never answered, and may not be there at all. */
const attemptsAtFirst = 2;
/** Of a server that is there, but has too much to do: its priority and fairness may hold us back for long. */
const attemptsWhenBusy = 30;
const headersTimeout = 30_000;
/** Answers that a moment later may be different ones. */
const transientStatus = new Set([429, 500, 502, 503, 504]);
const transientError = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Clusters that have answered, by their login: from then on a refused connection is a passing fault, such as a restart. */
const answered = new WeakSet<Cluster['credentials']>();
/** Milliseconds that such a fault is given at least: the time in which an API server restarts. */
const restartTime = 30_000;

/** Sends a request and gives the parsed answer. Throws an ApiError, or a PaasError where none could be had. */
export async function request<T>(cluster: Cluster, options: Request): Promise<T> {
  return retry(
    cluster,
    endingWith(cluster, options),
    async (response) => JSON.parse(await response.body.text()) as T,
  );
}

/** Sends a request and gives the answer as it comes in. Only its start is retried. */
export async function requestStream(
  cluster: Cluster,
  options: Request,
): Promise<Dispatcher.ResponseData['body']> {
  return retry(cluster, endingWith(cluster, options), async (response) => response.body);
}

/** A write is never left half way: only reads end with their cluster's signal. */
function endingWith({ signal }: Cluster, options: Request): Request {
  const reads = (options.method ?? 'GET') === 'GET';
  return reads && signal && !options.signal ? { ...options, signal } : options;
}

/** Repeats what may be repeated: every write of ours gives the same result twice. */
async function retry<T>(
  cluster: Cluster,
  options: Request,
  read: (response: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  let fresh = false;
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    if ((options.method ?? 'GET') !== 'GET') await cluster.beforeWrite?.();
    try {
      const response = await send(cluster, options, fresh);
      answered.add(cluster.credentials);
      if (response.statusCode < 400) return await read(response);
      const error = await readError(options, response);
      if (response.statusCode === 401) {
        if (fresh) fail(loginExpired(cluster.server));
        fresh = true;
        continue;
      }
      const most = response.statusCode === 429 ? attemptsWhenBusy : attempts;
      if (attempt >= most || !isTransient(error)) throw error;
      await pause(attempt, Number(response.headers['retry-after']), options.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      const code = errorCode(error);
      if (code === undefined) throw error;
      const known = answered.has(cluster.credentials);
      const passing =
        transientError.has(code) || code.startsWith('ERR_HTTP2_') || (code === 'ECONNREFUSED' && known);
      const enough = known
        ? attempt >= attempts && performance.now() - begun > restartTime
        : attempt >= attemptsAtFirst;
      if (!passing || enough) fail(unreachable(cluster, error as Error));
      await pause(attempt, Number.NaN, options.signal);
    }
  }
}

async function send(cluster: Cluster, options: Request, fresh: boolean): Promise<Dispatcher.ResponseData> {
  const { dispatcher, headers } = await cluster.credentials(fresh);
  const url = new URL(cluster.server);
  const query = Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    query.map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  const answer = dispatcher.request({
    origin: url.origin,
    path: `${url.pathname.replace(/\/$/, '')}${options.path}${search ? `?${search}` : ''}`,
    method: options.method ?? 'GET',
    headers: {
      ...headers,
      accept: options.accept ?? 'application/json',
      'user-agent': 'paas',
      ...(options.body !== undefined && { 'content-type': options.contentType ?? 'application/json' }),
    },
    body: options.body === undefined ? null : JSON.stringify(options.body),
    headersTimeout: options.timeout ?? cluster.timeout ?? headersTimeout,
    ...(options.endless && { bodyTimeout: 0 }),
    signal: options.signal ?? null,
  });
  return options.signal ? unlessAborted(answer, options.signal) : answer;
}

/** The same, ended by a signal at once: undici notices it only when a connection stands. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    const first = Promise.race([answer, aborted]);
    if (signal.aborted) abort();
    return await first;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function readError(options: Request, response: Dispatcher.ResponseData): Promise<ApiError> {
  const text = await response.body.text();
  let status: ApiStatus = { message: text.slice(0, 500) };
  try {
    status = JSON.parse(text) as ApiStatus;
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return new ApiError(options.method ?? 'GET', options.path, response.statusCode, status);
}

/** An internal error may be an admission webhook's lasting refusal; those are told apart by their words. */
function isTransient(error: ApiError): boolean {
  return transientStatus.has(error.status) && !/admission webhook/.test(error.message);
}

async function pause(attempt: number, retryAfter: number, signal: AbortSignal | undefined): Promise<void> {
  // Never all at the same moment: those that were held back together would be held back together again.
  const spread = 0.75 + Math.random() / 2;
  const backOff = Math.min(100 * 2 ** attempt, 5000) * spread;
  await sleep(
    retryAfter > 0 ? Math.min(retryAfter, 10) * 1000 * (0.5 + spread) : backOff,
    undefined,
    signal ? { signal } : {},
  );
}

/** Codes of certificates that are not trusted. Source: Node.js, "X509 certificate error codes". */
const untrusted = /CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL/;

/** The code of a failed connection; undefined where something else went wrong. */
function errorCode(error: unknown): string | undefined {
  const { code, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
  const of = code ?? cause?.code;
  if (typeof of !== 'string' || of === 'UND_ERR_ABORTED') return undefined;
  return /^(E[A-Z]+|UND_ERR_[A-Z_]+|ERR_HTTP2_[A-Z_]+)$/.test(of) || untrusted.test(of) ? of : undefined;
}

function unreachable(cluster: Cluster, error: Error): ReturnType<typeof clusterUnreachable> {
  const code = errorCode(error) ?? '';
  if (code.includes('WRONG_VERSION'))
    return clusterUnreachable(cluster.server, 'what answers there does not speak TLS');
  if (untrusted.test(code)) return clusterUntrusted(cluster.server, error.message);
  const words: Record<string, string> = {
    ECONNREFUSED: 'the connection is refused',
    ENOTFOUND: 'its name is unknown',
    EAI_AGAIN: "its name can't be looked up",
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no way to it',
  };
  return clusterUnreachable(cluster.server, words[code] ?? (error.message || code));
}
