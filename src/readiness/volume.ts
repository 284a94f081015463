import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import { eventsAbout, type Facts } from './facts.ts';

/**
 * The claim of an instance that has no volume yet, and what its provisioner says. A class that waits for the first
 * instance leaves a claim unbound until one is placed: that alone is no cause.
 */
export function volumeUnbound(pod: KubeObject, facts: Facts): Cause | undefined {
  const names = ((pod.spec?.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[]).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  for (const name of names) {
    const claim = facts.claims?.find(({ metadata }) => metadata.name === name);
    if (!claim || claim.status?.phase === 'Bound') continue;
    const found = claimCause(claim, facts, pod.metadata.name);
    if (found) return found;
  }
  return undefined;
}

function claimCause(claim: KubeObject, facts: Facts, pod: string): Cause | undefined {
  const { name } = claim.metadata;
  const base = {
    code: 'volume-not-bound',
    class: 'waiting' as const,
    pod,
    object: `persistentvolumeclaim/${name}`,
    key: 'volumes',
  };
  if (claim.status?.phase === 'Lost') {
    return {
      ...base,
      class: 'hopeless',
      message: `The volume of ${name} is lost: its PersistentVolume is gone.`,
    };
  }
  const event = eventsAbout(claim, facts).at(-1);
  const words = ((event?.message as string | undefined) ?? '').trim();
  if (event?.reason === 'WaitForFirstConsumer') return undefined;
  const of = claim.spec?.storageClassName;
  const said = of ? `of the storage class ${of}` : 'of the default storage class';
  if (event?.reason === 'FailedBinding' && !of) {
    return {
      ...base,
      message: `The volume ${name} can't be made: the cluster has no default storage class.`,
      hint: 'Name one: volumes: {NAME: {storage_class: …}}. There are: kubectl get storageclass.',
    };
  }
  return { ...base, message: `The volume ${name} ${said} isn't there yet${words ? `: ${words}` : ''}.` };
}
