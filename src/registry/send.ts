import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { fail } from '../problems/problem.ts';
import {
  registryBrokeOff,
  registryFailed,
  registryFull,
  registryLoginNeeded,
  registryLoginRefused,
  registryNotAllowed,
  registryReadOnly,
} from '../problems/registry.ts';
import { answerChallenge, knownAuthorization, type Scopes } from './authorize.ts';
import { connectionCode, connectionProblem, connectionReason, isPassing } from './connection-error.ts';
import type { Registry } from './registry.ts';
import { codesOf, wordsOf } from './words.ts';

export interface RegistryRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root (`/v2/…`), or a whole address that the registry gave. */
  readonly path: string;
  /** The action in words, for problems: `push to team/app`. */
  readonly what: string;
  readonly scopes: Scopes;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  /** Of a streamed body, in bytes. */
  readonly length?: number;
  /** Answers beside 2xx that the caller understands. */
  readonly understood?: readonly number[];
  readonly signal?: AbortSignal | undefined;
  /** A connection that breaks is the caller's matter: what was sent may have to go on in the middle. */
  readonly once?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Must be read to its end, or destroyed. */
  readonly body: Dispatcher.ResponseData['body'];
  /** The address that answered. */
  readonly url: URL;
}

const attempts = 6;
/** Answers that a moment later may be different ones. */
const transient = new Set([408, 425, 429, 500, 502, 503, 504]);
const longestPause = 10_000;
/** A registry may ask for more patience than this; then it is told to the person instead. */
const longestRetryAfter = 60_000;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Asks a registry and reads its answer; both are repeated where that may help. Throws a PaasError with the one problem
 * there is, or the signal's reason.
 */
export async function ask<T>(
  registry: Registry,
  request: RegistryRequest,
  read: (answer: Answer) => Promise<T>,
): Promise<T> {
  const { session, host } = registry;
  for (let attempt = 1; ; attempt++) {
    request.signal?.throwIfAborted();
    try {
      const answer = await sendAuthorized(registry, request);
      session.answered = true;
      if (answer.status < 300 || request.understood?.includes(answer.status)) return await read(answer);
      const text = await readText(answer);
      const pause = Number(answer.header('retry-after')) * 1000;
      const later =
        transient.has(answer.status) && !isReadOnly(answer.status, text) && !isFull(answer.status, text);
      const patient = !(pause > longestRetryAfter);
      if (request.once && later && patient) throw laterError(answer.status, wordsOf(text), pause);
      if (!later || attempt >= attempts || !patient) refuse(registry, request, answer.status, text);
      await rest(registry, attempt, pause, request.signal);
    } catch (error) {
      request.signal?.throwIfAborted();
      const code = connectionCode(error);
      if (code === undefined || (request.once && isPassing(code, true))) throw error;
      const most = session.answered ? attempts : 2;
      if (!isPassing(code, session.answered) || attempt >= most) {
        fail(
          session.answered && isPassing(code, true)
            ? registryBrokeOff(host, request.what, attempt, connectionReason(error))
            : connectionProblem(host, error),
        );
      }
      await rest(registry, attempt, Number.NaN, request.signal);
    }
  }
}

/** The same where the answer's head is all there is to know. */
export async function askHead(registry: Registry, request: RegistryRequest): Promise<Answer> {
  return ask(registry, request, async (answer) => {
    await answer.body.dump();
    return answer;
  });
}

/** Waits before another attempt. */
export async function rest(
  registry: Registry,
  attempt: number,
  asked: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pause = Math.min(registry.backOff * 2 ** (attempt - 1), longestPause) * (0.75 + Math.random() / 2);
  await sleep(asked > 0 ? asked : pause, undefined, signal ? { signal } : {});
}

/** An answer that asks for patience, where only the caller knows what to repeat. `pause` is in milliseconds. */
function laterError(status: number, words: readonly string[], pause: number): Error {
  const said = words.length > 0 ? ` (${words.join('; ')})` : '';
  return Object.assign(new Error(`it answered ${status}${said}`), { code: 'ANSWER_LATER', pause });
}

/** Ends with the problem of an answer that nobody wanted. */
function refuse(registry: Registry, { what, method }: RegistryRequest, status: number, text: string): never {
  const { host, credentials } = registry;
  const words = wordsOf(text);
  if (isReadOnly(status, text) || (status === 405 && method !== 'GET' && method !== 'HEAD')) {
    fail(registryReadOnly(host, words));
  }
  // The login itself was answered to before this: here it is known, and has no right.
  if (status === 401 || status === 403) {
    fail(credentials ? registryNotAllowed(host, what, words) : registryLoginNeeded(host, what));
  }
  if (isFull(status, text)) fail(registryFull(host, what, words));
  fail(registryFailed(host, what, status, words));
}

/** Some say so in words only: docker-registry answers 500 where its disk is full. */
function isFull(status: number, text: string): boolean {
  return status === 413 || status === 507 || (status >= 400 && /quota|no space left/i.test(text));
}

function isReadOnly(status: number, text: string): boolean {
  return (
    (status === 405 && codesOf(text).includes('UNSUPPORTED')) || (status >= 400 && /read.?only/i.test(text))
  );
}

/** Sends it with the login that is known, and once more with the one that the answer asks for. */
async function sendAuthorized(registry: Registry, request: RegistryRequest): Promise<Answer> {
  const { scopes, what, signal } = request;
  const url = new URL(request.path, registry.origin);
  // Where a registry sends us elsewhere, to the storage behind it, its login is nobody's business.
  const own = url.origin === registry.origin;
  const known = own ? knownAuthorization(registry, scopes) : undefined;
  const first = await follow(registry, request, url, known);
  if (first.status !== 401 || first.url.origin !== registry.origin) return first;
  const text = await readText(first);
  const asked = first.header('www-authenticate');
  if (known?.startsWith('Basic ')) fail(registryLoginRefused(registry.host, wordsOf(text)));
  registry.session.tokens.delete(scopes.join(' '));
  if (asked === undefined && !registry.credentials) fail(registryLoginNeeded(registry.host, what));
  const header = await answerChallenge(registry, scopes, asked, what, signal);
  const second = await follow(registry, request, url, header);
  if (second.status !== 401 || !header.startsWith('Basic ')) return second;
  fail(registryLoginRefused(registry.host, wordsOf(await readText(second))));
}

/** Sends it, and follows where it is sent on; without the login as soon as that is another place. */
async function follow(
  registry: Registry,
  request: RegistryRequest,
  to: URL,
  authorization: string | undefined,
): Promise<Answer> {
  const reads = request.method === undefined || request.method === 'GET' || request.method === 'HEAD';
  let url = to;
  for (let hops = 0; ; hops++) {
    const own = url.origin === registry.origin;
    const answer = await sendOnce(registry, request, url, own ? authorization : undefined);
    const location = answer.header('location');
    if (!reads || !redirects.has(answer.status) || location === undefined || hops >= 5) return answer;
    await answer.body.dump();
    url = new URL(location, url);
  }
}

async function sendOnce(
  registry: Registry,
  request: RegistryRequest,
  url: URL,
  authorization: string | undefined,
): Promise<Answer> {
  const { method = 'GET', headers, body, length, signal } = request;
  const idle = new AbortController();
  const moved = watchIdle(registry.idle, idle);
  try {
    const streamed = typeof body === 'function';
    if (!streamed) moved.stop();
    const {
      statusCode,
      headers: answered,
      body: content,
    } = await registry.dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      // Left alone, undici closes the connection after each HEAD.
      reset: false,
      headers: {
        'user-agent': 'paas',
        ...headers,
        ...(authorization && { authorization }),
        ...(streamed && { 'content-type': 'application/octet-stream', 'content-length': String(length) }),
      },
      body: streamed ? Readable.from(moving(body(), moved), { objectMode: false }) : (body ?? null),
      // A large upload is stored, and checked, before it is answered.
      headersTimeout: streamed || method === 'PUT' ? registry.idle * 5 : registry.idle,
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    });
    return {
      status: statusCode,
      url,
      body: content,
      header: (name) => {
        const value = answered[name];
        return Array.isArray(value) ? value.join(', ') : value;
      },
    };
  } finally {
    moved.stop();
  }
}

/** Counts the time in which nothing of a body could be sent; undici itself counts only what it waits for. */
function watchIdle(limit: number, controller: AbortController): { again: () => void; stop: () => void } {
  const give = (): void =>
    controller.abort(Object.assign(new Error('nothing moved any more'), { code: 'PAAS_IDLE' }));
  let timer: NodeJS.Timeout | undefined = setTimeout(give, limit);
  return {
    again: () => timer?.refresh(),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

async function* moving(
  body: AsyncIterable<Uint8Array>,
  moved: { again: () => void; stop: () => void },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    moved.again();
    yield chunk;
  }
  // From here on the registry stores it, which undici's own limit covers.
  moved.stop();
}

/** The start of an answer as text: errors are short. */
async function readText({ body }: Answer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (size < 20_000) chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > 1_000_000) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
