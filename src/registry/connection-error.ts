import { PaasError, type Problem } from '../problems/problem.ts';
import { registryUnreachable, registryUntrusted, registryWithoutTls } from '../problems/registry.ts';

/** What a moment later may be different. */
const passing = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ANSWER_LATER',
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'PAAS_IDLE',
]);

/** Codes of certificates that are not trusted. Source: Node.js, "X509 certificate error codes". */
const untrusted = /CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL/;

/** The code of a failed connection; undefined where something else went wrong. */
export function connectionCode(error: unknown): string | undefined {
  if (error instanceof PaasError) return undefined;
  const { code, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
  const of = code ?? cause?.code;
  if (typeof of !== 'string' || of === 'UND_ERR_ABORTED') return undefined;
  if (passing.has(of) || untrusted.test(of)) return of;
  // Those of files are EACCES, ENOENT and the like, and have a path.
  return /^(E[A-Z]+|UND_ERR_[A-Z_]+|HPE_[A-Z_]+)$/.test(of) && !('path' in (error as object))
    ? of
    : undefined;
}

/** Whether trying again may help. A refused connection is a passing fault only where something answered before. */
export function isPassing(code: string, answered: boolean): boolean {
  return passing.has(code) || (answered && code === 'ECONNREFUSED');
}

/** The problem of a connection that failed for good. */
export function connectionProblem(host: string, error: unknown): Problem {
  const code = connectionCode(error) ?? '';
  const { message } = error as Error;
  // OpenSSL's word where the answer isn't TLS; Node's where it is TLS and HTTP was spoken is a parser's.
  if (/WRONG_VERSION|PACKET_LENGTH/.test(code)) return registryWithoutTls(host);
  if (untrusted.test(code)) return registryUntrusted(host, message);
  return registryUnreachable(host, reasons[code] ?? (message || code));
}

/** In words. */
export function connectionReason(error: unknown): string {
  const code = connectionCode(error) ?? '';
  return reasons[code] ?? ((error as Error).message || code);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: "its name can't be looked up",
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'the time ran out',
  PAAS_IDLE: 'nothing moved any more',
  UND_ERR_CONNECT_TIMEOUT: 'the time to connect ran out',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  HPE_INVALID_CONSTANT: 'it speaks no HTTP',
};
