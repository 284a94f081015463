/**
 * What a registry knows its users by. The secret is a function: neither JSON nor a debugger's output of a value that
 * holds it shows it.
 */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly secret: () => string }
  /** Is exchanged for tokens where the registry says so (OAuth2). */
  | { readonly kind: 'identity_token'; readonly secret: () => string }
  /** Is sent as it is. */
  | { readonly kind: 'registry_token'; readonly secret: () => string };

/** The header of HTTP's Basic scheme. */
export function basic(username: string, secret: string): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}
