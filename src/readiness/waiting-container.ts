import type { Cause } from './cause.ts';
import type { ContainerPlace, ContainerSpec } from './container.ts';
import { describeStartError, wrongArchitecture } from './ended-container.ts';

/** Kubernetes' reasons for a container that waits. Sources: kubelet's images and kuberuntime packages. */
export function describeWaiting(
  { reason = '', message = '' }: { reason?: string; message?: string },
  at: ContainerPlace,
  spec: ContainerSpec | undefined,
): Cause | undefined {
  const words = message.replace(/^.*?desc = /s, '').replace(/^(Back-off pulling image \S+: )?/, '');
  if (['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable'].includes(reason))
    return describePull(message, words, at);
  if (reason === 'ErrImageNeverPull') {
    return { ...notFound(`it isn't on the node, and may not be pulled`, at), key: 'image' };
  }
  if (reason === 'InvalidImageName') return notFound(`its name is not valid: ${words}`, at);
  if (reason === 'CreateContainerConfigError' && /run as root|non-numeric user/.test(message)) {
    const hint =
      'Build the image with USER and a number other than 0, such as USER 65532; or allow it: security: {run_as_root: true}.';
    const user = /non-numeric user \(([^)]*)\)/.exec(message)?.[1];
    const what = user
      ? `The image runs as the user ${user}: that may be root, for it is no number.`
      : 'The image runs as root, which is not allowed.';
    return {
      code: 'runs-as-root',
      class: 'hopeless',
      message: what,
      key: 'image',
      hint,
      ...at,
    };
  }
  if (reason === 'CreateContainerConfigError') return describeConfig(message, words, at);
  if (['CreateContainerError', 'RunContainerError'].includes(reason))
    return describeStartError(words, at, spec);
  return undefined;
}

/** A Secret or ConfigMap that isn't there, or lacks a key. Source: kubelet, kuberuntime_container.go, makeEnvironmentVariables. */
export function describeConfig(message: string, words: string, at: Pick<Cause, 'pod' | 'container'>): Cause {
  const [, kind, name] = /\b(secret|configmap) "([^"]+)" not found/i.exec(message) ?? [];
  const [, key, where, of] = /couldn't find key (\S+) in (Secret|ConfigMap) (\S+)/i.exec(message) ?? [];
  const passing = /failed to sync|timed out/.test(message);
  const what = kind
    ? `the ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${name} isn't there`
    : key
      ? `the ${where} ${of?.split('/').at(-1)} has no key ${key}`
      : words;
  return {
    code: 'bad-config',
    class: passing ? 'waiting' : 'hopeless',
    message: `Its configuration can't be made: ${what}.`,
    key: 'env',
    ...(!passing && { hint: 'Make what is missing, or name another one; then deploy again.' }),
    ...at,
  };
}

function notFound(words: string, at: ContainerPlace): Cause {
  return {
    code: 'image-not-found',
    class: 'hopeless',
    message: `The image isn't there: ${words}`,
    key: 'image',
    hint: 'Is the name right, and has the tag been pushed?',
    ...at,
  };
}

/** The cluster needs a login of its own: that of whoever deploys stays with them. */
function pullHint(message: string): string {
  const host = /failed to pull and unpack image "([^"/]+)\//.exec(message)?.[1] ?? 'HOST';
  return `Is the name right? A private image needs a login of the cluster's own; the platform file names it: registries: {"${host}": {pull_secret: NAMESPACE/NAME}}.`;
}

/** Sources: containerd's resolver and docker's registry, in their own words. */
function describePull(message: string, words: string, at: ContainerPlace): Cause {
  if (/no match for platform/i.test(message)) return wrongArchitecture(at);
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(message)) {
    return {
      code: 'pull-rate-limited',
      class: 'waiting',
      message: `The registry lets nobody pull so often; the cluster tries again: ${words}`,
      key: 'image',
      hint: 'Log in to the registry (pull credentials in the platform file), or use a mirror of it.',
      ...at,
    };
  }
  if (
    /unauthorized|authentication required|authorization failed|denied|forbidden|\b40[13]\b/i.test(message)
  ) {
    return {
      code: 'image-refused',
      class: 'hopeless',
      message: `The registry refuses the image: ${words}`,
      key: 'image',
      hint: pullHint(message),
      ...at,
    };
  }
  if (/not found|manifest unknown|does not exist/i.test(message)) {
    const image = /failed to pull and unpack image "([^"]+)"/.exec(message)?.[1];
    return notFound(image ? `the registry has no ${image}.` : words, at);
  }
  return {
    code: 'image-pull',
    class: 'waiting',
    message: `The image isn't pulled yet: ${words}`,
    key: 'image',
    ...at,
  };
}
