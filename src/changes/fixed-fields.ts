import { type ApiError, isStatus } from '../cluster/api-error.ts';
import type { KubeObject } from '../cluster/cluster.ts';
import type { Manifest } from '../plan/plan.ts';
import { hashOf } from './hash.ts';

// What Kubernetes fixes when an object is made. Only the cluster knows all of it: it is read from how it refuses a
// dry run, and said in words.

/** Source: Kubernetes, pkg/apis/*\/validation: how an update of a fixed field is refused. */
const refusals =
  /field is immutable|immutable after creation|immutable when `immutable` is set|may not change once set|updates to .* are forbidden|cannot change|can not be less than|may not be changed/;

/** By field; the longest that fits. */
const words: Readonly<Record<string, string>> = {
  'spec.selector': 'labels that choose its instances (spec.selector)',
  'spec.volumeClaimTemplates': 'volumes',
  'spec.serviceName': 'name of the Service of its instances (spec.serviceName)',
  'spec.podManagementPolicy': 'order in which its instances start (spec.podManagementPolicy)',
  'spec.clusterIP': 'address in the cluster (spec.clusterIP)',
  'spec.storageClassName': 'storage class',
  'spec.accessModes': 'access modes',
  'spec.resources': 'size (it can only grow)',
  'spec.template': 'instructions (spec.template)',
  'spec.completions': 'number of completions (spec.completions)',
  'spec.scaleTargetRef': 'target (spec.scaleTargetRef)',
  data: 'contents (it is marked as immutable)',
  stringData: 'contents (it is marked as immutable)',
  binaryData: 'contents (it is marked as immutable)',
  immutable: 'mark of being immutable',
  type: 'type',
  roleRef: 'role (roleRef)',
  parameters: 'parameters',
  provisioner: 'provisioner',
};

/** Where the answer names no more than `spec`: the fields that may be meant. */
const coarse: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: ['selector', 'volumeClaimTemplates', 'serviceName', 'podManagementPolicy'],
  PersistentVolumeClaim: ['accessModes', 'storageClassName', 'resources', 'volumeMode', 'volumeName'],
};

/** The fixed fields that a manifest would change, in words; none where it was refused for something else. */
export function fixedFields(error: unknown, manifest: Manifest, live: KubeObject | undefined): string[] {
  if (!live || !isStatus(error, 422)) return [];
  const paths = causesOf(error)
    .filter(({ message }) => refusals.test(message))
    .flatMap(({ field }) => (field === 'spec' ? finer(manifest, live) : [field]));
  return [...new Set(paths.map(inWords))];
}

function causesOf(error: ApiError): { field: string; message: string }[] {
  const causes = error.body.details?.causes ?? [];
  return causes.map(({ field = '', message = '' }) => ({ field, message }));
}

function finer(manifest: Manifest, live: KubeObject): string[] {
  const ours = (manifest.spec ?? {}) as Record<string, unknown>;
  const theirs = (live.spec ?? {}) as Record<string, unknown>;
  const others = (coarse[live.kind] ?? []).filter((key) => key in ours && !holds(theirs[key], ours[key]));
  return others.length > 0 ? others.map((key) => `spec.${key}`) : ['spec'];
}

/** Whether a value has everything that another one says; the cluster adds defaults to it. */
function holds(value: unknown, said: unknown): boolean {
  if (Array.isArray(said)) {
    const items = Array.isArray(value) ? value : [];
    return items.length === said.length && said.every((item, index) => holds(items[index], item));
  }
  if (typeof said !== 'object' || said === null) return hashOf(value) === hashOf(said);
  const known = (value ?? {}) as Record<string, unknown>;
  return Object.entries(said).every(([key, item]) => holds(known[key], item));
}

function inWords(path: string): string {
  const keys = Object.keys(words).filter((key) => path === key || new RegExp(`^${key}s?[.[]`).test(path));
  const longest = keys.sort((a, b) => b.length - a.length)[0];
  if (longest) return words[longest]!;
  return path.startsWith('spec.clusterIPs') ? words['spec.clusterIP']! : path;
}

/** How an object is deleted to be made again, and what that costs; undefined where it is never done: it holds data. */
export interface RecreateWay {
  readonly propagation: 'Orphan' | 'Foreground' | 'Background';
  readonly cost: string;
}

export function wayToRecreate(manifest: Manifest, live: KubeObject): RecreateWay | undefined {
  switch (manifest.kind) {
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
    case 'Namespace':
    case 'CustomResourceDefinition':
      return undefined;
    case 'StatefulSet':
      // Its instances find their way back only by the same labels.
      return finer(manifest, live).includes('spec.selector')
        ? { propagation: 'Foreground', cost: 'it is down until its new instances are ready' }
        : {
            propagation: 'Orphan',
            cost: 'its instances go on, and are renewed one by one; volumes that are there keep their size and class',
          };
    case 'Deployment':
    case 'DaemonSet':
    case 'ReplicaSet':
      return { propagation: 'Foreground', cost: 'it is down until its new instances are ready' };
    case 'Service':
      return {
        propagation: 'Background',
        cost: 'nobody reaches it for a moment, and it gets another address in the cluster',
      };
    default:
      return { propagation: 'Background', cost: 'it is not there for a moment' };
  }
}
