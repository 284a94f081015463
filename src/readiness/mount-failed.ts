import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import type { ContainerSpec } from './container.ts';
import type { Facts } from './facts.ts';
import { describeConfig } from './waiting-container.ts';

/** A volume that its node can't mount, and what an instance needs it for. Source: kubelet, operationexecutor and volumemanager packages. */
export function mountFailed(words: string, pod: KubeObject, facts: Pick<Facts, 'claims'>): Cause {
  const container = mounterOf(words, pod, facts);
  const at = { pod: pod.metadata.name, ...(container !== undefined && { container }) };
  const cause = /MountVolume\.SetUp failed for volume "[^"]*" : (.*)$/s.exec(words)?.[1] ?? words;
  const key = /references non-existent (secret|config) key: (\S+)/.exec(cause);
  if (key) {
    const what = key[1] === 'secret' ? 'Secret' : 'ConfigMap';
    const message = `Its configuration can't be made: a ${what} that it mounts has no key ${key[2]}.`;
    return { code: 'bad-config', class: 'hopeless', message, key: 'files', ...at };
  }
  if (/(secret|configmap) "[^"]+" not found/.test(cause)) {
    return { ...describeConfig(cause, cause, at), key: 'files' };
  }
  return {
    code: 'volume-not-mounted',
    class: 'waiting',
    message: `A volume can't be mounted: ${cause}`,
    key: 'volumes',
    ...at,
  };
}

interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** The one container that mounts it; undefined where several do: then it is none's alone. */
function mounterOf(words: string, pod: KubeObject, facts: Pick<Facts, 'claims'>): string | undefined {
  const volumes = volumesOf(words, pod, facts);
  const containers = [
    ...(pod.spec?.initContainers ?? []),
    ...(pod.spec?.containers ?? []),
  ] as ContainerSpec[];
  const mounting = containers.filter(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name }) => name !== undefined && volumes.has(name)),
  );
  return mounting.length === 1 ? mounting[0]!.name : undefined;
}

/** The pod's names for the volumes that the kubelet means: it calls one with a claim by its PersistentVolume. */
function volumesOf(words: string, pod: KubeObject, { claims = [] }: Pick<Facts, 'claims'>): Set<string> {
  const [, one] = /volume "([^"]+)"/.exec(words) ?? [];
  const [, several = ''] = /unmounted volumes=\[([^\]]*)\]/.exec(words) ?? [];
  const named = [...(one ? [one] : []), ...several.split(/[\s,]+/)];
  const claimed = claims.filter(({ spec }) => named.includes(spec?.volumeName as string));
  const ofClaims = ((pod.spec?.volumes ?? []) as Volume[])
    .filter(({ persistentVolumeClaim: of }) =>
      claimed.some(({ metadata }) => metadata.name === of?.claimName),
    )
    .map(({ name }) => name);
  return new Set([...named, ...ofClaims]);
}
