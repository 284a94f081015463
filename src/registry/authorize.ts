import { fail } from '../problems/problem.ts';
import { registryLoginNeeded, registryLoginRefused, registryNotAllowed } from '../problems/registry.ts';
import type { Challenge } from './challenge.ts';
import { readChallenges } from './challenge.ts';
import { basic } from './credentials.ts';
import type { Registry } from './registry.ts';
import { wordsOf } from './words.ts';

// Source: distribution, docs/spec/auth (token.md, oauth.md), and what Docker does.

/** What a request is to be allowed: `repository:team/app:pull,push`. */
export type Scopes = readonly string[];

interface TokenAnswer {
  readonly token?: string;
  readonly access_token?: string;
  /** In seconds. */
  readonly expires_in?: number;
}

/** The header for a request, as far as it is known without asking. */
export function knownAuthorization(registry: Registry, scopes: Scopes): string | undefined {
  const { credentials, session } = registry;
  if (credentials?.kind === 'registry_token') return `Bearer ${credentials.secret()}`;
  if (session.challenge?.scheme === 'basic' && credentials?.kind === 'password') {
    return basic(credentials.username, credentials.secret());
  }
  const token = session.tokens.get(scopes.join(' '));
  return token && token.until > Date.now() ? token.header() : undefined;
}

/**
 * Answers a registry's 401 with what it asks for, and gives the header for the next try. `what` is the action in words:
 * `push to team/app`. Throws a PaasError where no login is known, or none is accepted.
 */
export async function answerChallenge(
  registry: Registry,
  scopes: Scopes,
  header: string | readonly string[] | undefined,
  what: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { credentials, session } = registry;
  const challenges = readChallenges(header);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const challenge = bearer ?? challenges.find(({ scheme }) => scheme === 'basic');
  session.challenge = challenge;
  if (bearer?.parameters.realm) return fetchToken(registry, bearer, scopes, what, signal);
  if (credentials?.kind !== 'password' || !challenge) fail(registryLoginNeeded(registry.host, what));
  return basic(credentials.username, credentials.secret());
}

async function fetchToken(
  registry: Registry,
  { parameters }: Challenge,
  scopes: Scopes,
  what: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { credentials, session, host } = registry;
  const realm = new URL(parameters.realm!, registry.origin);
  // A registry behind TLS must not be able to have the password sent in the clear.
  if (realm.protocol !== 'https:' && registry.origin.startsWith('https:') && credentials) {
    fail(registryLoginRefused(host, [`it asks for it to be sent in the clear, to ${realm.host}`]));
  }
  const form = new URLSearchParams();
  if (parameters.service) form.set('service', parameters.service);
  let request: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string };
  if (credentials?.kind === 'identity_token') {
    form.set('grant_type', 'refresh_token');
    form.set('client_id', 'paas');
    form.set('refresh_token', credentials.secret());
    form.set('scope', scopes.join(' '));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    request = { method: 'POST', headers, body: form.toString() };
  } else {
    for (const scope of scopes) form.append('scope', scope);
    for (const [key, value] of form) realm.searchParams.append(key, value);
    const login =
      credentials?.kind === 'password' ? basic(credentials.username, credentials.secret()) : undefined;
    request = { method: 'GET', headers: login ? { authorization: login } : {} };
  }
  const answer = await registry.dispatcher.request({
    origin: realm.origin,
    path: `${realm.pathname}${realm.search}`,
    ...request,
    headers: { ...request.headers, accept: 'application/json', 'user-agent': 'paas' },
    headersTimeout: registry.idle,
    signal: signal ?? null,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 500 || answer.statusCode === 429) {
    throw Object.assign(new Error(`${realm.host} answered ${answer.statusCode}`), { code: 'ANSWER_LATER' });
  }
  if (answer.statusCode >= 400) {
    if (!credentials) fail(registryLoginNeeded(host, what));
    if (answer.statusCode === 403) fail(registryNotAllowed(host, what, wordsOf(text)));
    fail(registryLoginRefused(host, wordsOf(text)));
  }
  const { token, access_token, expires_in = 60 } = parseToken(text);
  const value = token ?? access_token;
  if (!value) fail(registryLoginRefused(host, [`${realm.host} gave no token`]));
  const header = `Bearer ${value}`;
  // A little less than it lives: it must still be good when it arrives.
  session.tokens.set(scopes.join(' '), {
    header: () => header,
    until: Date.now() + (expires_in - 10) * 1000,
  });
  return header;
}

function parseToken(text: string): TokenAnswer {
  try {
    return (JSON.parse(text) as TokenAnswer | null) ?? {};
  } catch {
    return {};
  }
}
