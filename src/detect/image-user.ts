import type { Dockerfile } from './dockerfile.ts';

/** Keys of `security` in paas.yaml, and why they are needed. */
export interface Security {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** Images whose own program starts as root and becomes another user by itself, and writes into its own folders. */
const changesUser = /(^|\/)(nginx|httpd|php|wordpress)(:|@|$)/;
/** Images that say a numeric user of their own. */
const unprivileged = /nonroot|unprivileged|chainguard|bitnami|hardened/;

/** What of the safe default an image can't live with, as far as its Dockerfile tells. */
export function securityOf(dockerfile: Dockerfile | undefined, writable: boolean): Security | undefined {
  const writes = writable ? { writable_root: true } : {};
  const whyWrites = 'it writes into its own folder';
  if (!dockerfile) return writable ? { keys: writes, why: whyWrites } : undefined;
  const { user, base, file } = dockerfile;
  const number = user === undefined ? undefined : /^\d+/.exec(user)?.[0];
  if (number !== undefined && number !== '0') return writable ? { keys: writes, why: whyWrites } : undefined;
  if (user === undefined && unprivileged.test(base))
    return writable ? { keys: writes, why: whyWrites } : undefined;
  if (user === undefined && changesUser.test(base) && !/php:.*(cli|fpm)/.test(base)) {
    const capabilities = ['CHOWN', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'];
    const keys = { run_as_root: true, writable_root: true, capabilities };
    return { keys, why: `${base} begins as root; its unprivileged variant needs none of this` };
  }
  const keys = { run_as_root: true, ...writes };
  if (user === undefined)
    return { keys, why: `${file} has no USER; with one that is a number, take this out` };
  return number === '0'
    ? { keys, why: `${file} says USER ${user}` }
    : { keys, why: `${file} says USER ${user}; Kubernetes can tell only of a number that it isn't root` };
}
