import type { Cause } from './cause.ts';
import type { ContainerPlace } from './container.ts';

/** Kubernetes' reasons for a container that waits. Sources: kubelet's images and kuberuntime packages. */
export function describeWaiting(
  { reason = '', message = '' }: { reason?: string; message?: string },
  at: ContainerPlace,
): Cause | undefined {
  const words = message.replace(/^.*?desc = /s, '').replace(/^(Back-off pulling image \S+: )?/, '');
  if (['ErrImagePull', 'ImagePullBackOff'].includes(reason)) return describePull(message, words, at);
  if (reason === 'InvalidImageName') {
    return {
      code: 'image-not-found',
      class: 'hopeless',
      message: `The image's name is not valid: ${words}`,
      key: 'image',
      ...at,
    };
  }
  if (reason === 'CreateContainerConfigError' && /run as root|non-numeric user/.test(message)) {
    const hint = 'Build the image with USER and a number other than 0, such as USER 65532.';
    return {
      code: 'runs-as-root',
      class: 'hopeless',
      message: `The image wants to run as root: ${words}.`,
      key: 'image',
      hint,
      ...at,
    };
  }
  if (reason === 'CreateContainerConfigError') {
    const passing = /failed to sync|timed out/.test(message);
    return {
      code: 'bad-config',
      class: passing ? 'waiting' : 'hopeless',
      message: `Its configuration can't be made: ${words}.`,
      ...at,
    };
  }
  if (['CreateContainerError', 'RunContainerError'].includes(reason)) {
    return {
      code: 'cannot-start',
      class: 'budgeted',
      message: `The container can't be started: ${words}.`,
      ...at,
    };
  }
  return undefined;
}

function describePull(message: string, words: string, at: ContainerPlace): Cause {
  const pull = { key: 'image', ...at };
  if (/not found|manifest unknown|does not exist|no match for platform/i.test(message)) {
    const hint = 'Is the name right, has the tag been pushed, for this kind of machine?';
    return {
      code: 'image-not-found',
      class: 'hopeless',
      message: `The image isn't there: ${words}`,
      hint,
      ...pull,
    };
  }
  if (/unauthorized|authentication required|denied|forbidden|\b40[13]\b/i.test(message)) {
    return {
      code: 'image-refused',
      class: 'hopeless',
      message: `The registry refuses the image: ${words}`,
      ...pull,
    };
  }
  return { code: 'image-pull', class: 'waiting', message: `The image isn't pulled yet: ${words}`, ...pull };
}
