import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import { holds } from './condition.ts';
import { eventsAbout, type Facts } from './facts.ts';

/** Instances that a ReplicaSet may not make. A Deployment's own condition may still be that of an older one. */
export function replicaFailure(replicaSet: KubeObject): Cause | undefined {
  const found = holds(replicaSet, 'ReplicaFailure');
  return found && describeRefusal(found.message ?? '');
}

/** Instances that a StatefulSet or Job may not make: they have no condition for it, only events. */
export function creationRefused(
  maker: KubeObject,
  facts: Pick<Facts, 'events' | 'before'>,
): Cause | undefined {
  const last = eventsAbout(maker, facts)
    .filter(({ reason }) => reason === 'FailedCreate' || reason === 'SuccessfulCreate')
    .at(-1);
  return last?.reason === 'FailedCreate' ? describeRefusal((last.message as string) ?? '') : undefined;
}

/** Why the API doesn't take an object that a controller wants to make. Source: the API server's admission plugins. */
export function describeRefusal(words: string): Cause {
  const short = words
    .replace(/^.*?failed error: /s, '')
    .replace(/^Error creating: /, '')
    .replace(/^\S+ "[^"]*" is forbidden: /, '')
    .trim();
  const quota = /exceeded quota: ([^,]+), requested: (.*?), used: (.*?), limited: (.*)$/s.exec(short);
  if (quota) {
    const [, name, requested, used, limited] = quota;
    return {
      code: 'quota',
      class: 'waiting',
      message: `The namespace's quota ${name} has no room: asked for ${requested}, used ${used} of ${limited}.`,
      object: `resourcequota/${name}`,
      key: 'resources',
      hint: 'Lower resources or instances, end what nobody needs, or have the quota raised.',
    };
  }
  if (/exceeded quota|failed quota/.test(short)) {
    return {
      code: 'quota',
      class: 'waiting',
      message: `The namespace's quota refuses it: ${short}`,
      key: 'resources',
    };
  }
  if (/\b(maximum|minimum) \S+ (usage|storage)|limit to request ratio/.test(short)) {
    return {
      code: 'limit-range',
      class: 'hopeless',
      message: `The namespace limits how large an instance may be: ${sentence(short)}`,
      key: 'resources',
      hint: 'Set resources within these limits: kubectl describe limitrange.',
    };
  }
  if (/being terminated/.test(short)) {
    return { code: 'namespace-ending', class: 'hopeless', message: 'Its namespace is being deleted.' };
  }
  const security = /violates PodSecurity "([^"]+)": (.*)$/s.exec(short);
  if (security) {
    return {
      code: 'admission-refused',
      class: 'hopeless',
      message: `The namespace's pod security (${security[1]}) refuses it: ${sentence(security[2] ?? '')}`,
      key: 'security',
    };
  }
  const webhook = /admission webhook "([^"]+)" denied the request: ?(.*)$/s.exec(short);
  if (webhook) {
    return {
      code: 'admission-refused',
      class: 'hopeless',
      message: `The admission webhook ${webhook[1]} refuses it: ${sentence(webhook[2] ?? '')}`,
    };
  }
  const policy = /ValidatingAdmissionPolicy '([^']+)'.*? denied request: ?(.*)$/s.exec(short);
  if (policy) {
    return {
      code: 'admission-refused',
      class: 'hopeless',
      message: `The policy ${policy[1]} refuses it: ${sentence(policy[2] ?? '')}`,
    };
  }
  if (/failed calling webhook "([^"]+)"/.test(short)) {
    return {
      code: 'admission-unreachable',
      class: 'waiting',
      message: `An admission webhook of the cluster doesn't answer: ${sentence(short)}`,
    };
  }
  return {
    code: 'instances-refused',
    class: 'waiting',
    message: `Its instances are refused: ${sentence(short)}`,
  };
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
