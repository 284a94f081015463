import { findCredentials } from './find-credentials.ts';
import { openRegistry, type Registry } from './registry.ts';

/** Whom to reach, and as who. */
export interface ConnectOptions {
  /** The environment: where the logins are, and which proxy to go through. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reach it without TLS; localhost always is. */
  readonly plainHttp?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gets ready to ask a registry for a repository, with the login that Docker or podman would take for it. Asks the
 * registry nothing yet. Throws a PaasError where the login is there but can't be read.
 */
export async function connectRegistry(
  host: string,
  repository: string,
  { env, plainHttp, signal }: ConnectOptions,
): Promise<Registry> {
  const credentials = await findCredentials(host, repository, env, signal);
  return openRegistry(host, { credentials, plainHttp, env });
}
