import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import { eventsAbout, type Facts } from './facts.ts';
import { mountFailed } from './mount-failed.ts';

/** What keeps an instance that has a node from being started: its network, its volumes, the runtime. */
export function nodeTrouble(
  pod: KubeObject,
  facts: Pick<Facts, 'events' | 'before' | 'claims'>,
): Cause | undefined {
  const last = eventsAbout(pod, facts)
    .filter(({ reason }) => telling.has(reason as string))
    .at(-1);
  const words = ((last?.message as string | undefined) ?? '').trim();
  const at = { pod: pod.metadata.name };
  const node = pod.spec?.nodeName as string | undefined;
  switch (last?.reason) {
    case 'FailedMount':
      return mountFailed(words, pod, facts);
    case 'FailedAttachVolume':
      return {
        code: 'volume-not-attached',
        class: 'waiting',
        message: `A volume can't be attached to its node ${node ?? ''}: ${words}`,
        key: 'volumes',
        ...at,
      };
    case 'FailedCreatePodSandBox':
      return {
        code: 'node-trouble',
        class: 'waiting',
        message: `The node ${node ?? ''} can't make room for it: ${shorten(words)}`,
        hint: 'This is the cluster, not the app: tell those who run it.',
        ...at,
      };
    case 'NodeNotReady':
      return {
        code: 'node-trouble',
        class: 'waiting',
        message: `Its node ${node ?? ''} doesn't answer; Kubernetes moves it to another after a while.`,
        ...at,
      };
    default:
      return undefined;
  }
}

/** What is better now takes back what was bad before. */
const telling = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'NodeNotReady',
  'SuccessfulAttachVolume',
  'Pulling',
  'Pulled',
  'Created',
  'Started',
]);

function shorten(words: string): string {
  return words.replace(/^Failed to create pod sandbox: /, '').replace(/^rpc error: code = \w+ desc = /, '');
}

/**
 * Why an instance was ended by its node, or before it began. One that ends well when it is put out is called
 * succeeded: then only the event tells. Source: kubelet, eviction and lifecycle packages.
 */
export function ousted(pod: KubeObject, facts: Pick<Facts, 'events' | 'before'>): Cause | undefined {
  const { phase, reason } = pod.status ?? {};
  const event = eventsAbout(pod, facts).findLast((one) => one.reason === 'Evicted');
  const at = { pod: pod.metadata.name };
  if (event || (phase === 'Failed' && reason === 'Evicted')) {
    const words = ((event?.message ?? pod.status?.message ?? '') as string).trim();
    const disk = /ephemeral|disk/i.test(words);
    return {
      code: 'evicted',
      class: 'budgeted',
      message: `Its node put it out: ${words || 'it ran short'}`,
      key: 'resources',
      hint: disk
        ? 'Write less to the container, use a volume, or raise resources: {disk: …}.'
        : 'The node ran short: raise what it asks for with resources, or have nodes added.',
      ...at,
    };
  }
  if (phase !== 'Failed') return undefined;
  if (reason === 'NodeAffinity' || reason === 'UnexpectedAdmissionError' || /^OutOf/.test(reason ?? '')) {
    return {
      code: 'node-trouble',
      class: 'waiting',
      message: `Its node doesn't take it after all: ${pod.status?.message || reason}`,
      ...at,
    };
  }
  return undefined;
}
