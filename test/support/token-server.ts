import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createAuthority } from '../cluster/certificates.ts';
import { login } from './registry.ts';

/**
 * What gives tokens for a registry, as Docker Hub and most others have it: a real docker-registry checks what it signs.
 * Source: distribution, docs/spec/auth/token.md and jwt.md.
 */
export interface TokenServer {
  /** The part of a registry's configuration that makes it ask for these tokens. */
  readonly config: (folder: string) => Record<string, unknown>;
  /** What was asked of it: `ada repository:app:pull,push`, `- repository:app:pull`. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** The one refresh token that it takes. */
export const identityToken = 'identity-of-ada';

/** `public`: repositories that anyone may pull. Ada may do everything, but in `forbidden`. */
export async function startTokenServer(options: { readonly lifetime?: number } = {}): Promise<TokenServer> {
  const authority = createAuthority('tokens of a test');
  const key = createPrivateKey(authority.key);
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const query = await parametersOf(request);
    const user = userOf(request, query);
    const scopes = query.getAll('scope').flatMap((one) => one.split(' '));
    asked.push(`${user ?? '!'} ${scopes.join(' ')}`);
    if (user === undefined) return answer(401, { details: 'incorrect username or password' });
    const access = scopes.flatMap((scope) => allow(user, scope));
    const now = Math.floor(Date.now() / 1000);
    const token = jwt(key, authority.certificate, {
      iss: 'test',
      sub: user,
      aud: 'registry of a test',
      exp: now + 300,
      nbf: now - 10,
      iat: now,
      jti: randomUUID(),
      access,
    });
    const expires = { expires_in: options.lifetime ?? 300 };
    answer(200, request.method === 'POST' ? { access_token: token, ...expires } : { token, ...expires });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    config: (folder) => {
      const bundle = join(folder, 'tokens.pem');
      writeFileSync(bundle, authority.certificate);
      const token = {
        realm: `http://127.0.0.1:${port}/token`,
        service: 'registry of a test',
        issuer: 'test',
      };
      return { auth: { token: { ...token, rootcertbundle: bundle } } };
    },
    asked: () => asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function parametersOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.method !== 'POST') return new URL(request.url ?? '', 'http://localhost').searchParams;
  return new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString());
}

function userOf(request: IncomingMessage, query: URLSearchParams): string | undefined {
  if (request.method === 'POST') return query.get('refresh_token') === identityToken ? 'ada' : undefined;
  const { authorization } = request.headers;
  if (authorization === undefined) return '-';
  const wanted = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  return authorization === `Basic ${wanted}` ? 'ada' : undefined;
}

function allow(user: string, scope: string): object[] {
  const [type, name = '', actions = ''] = scope.split(':');
  const wanted = actions.split(',');
  const may =
    user === 'ada' ? wanted : name.startsWith('public') ? wanted.filter((one) => one === 'pull') : [];
  return type === 'repository' && !name.startsWith('forbidden') ? [{ type, name, actions: may }] : [];
}

/** Signed as docker-registry 2.8 reads it: with the certificate of the key in the header. */
function jwt(key: KeyObject, certificate: string, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const der = certificate.replaceAll(/-----[^-]+-----|\s/g, '');
  const kid = createHash('sha256')
    .update(createPublicKey(key).export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
  const content = `${encode({ typ: 'JWT', alg: 'ES256', x5c: [der], kid })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}
