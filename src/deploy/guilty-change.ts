import type { Difference } from '../plan/compare-plans.ts';
import { describeDifferences } from '../plan/describe-differences.ts';
import type { Cause } from '../readiness/cause.ts';

/** What of a release most likely made it fail. */
export interface GuiltyChange {
  /** The key of the component in paas.yaml: `image`, `env.MODE`. */
  readonly key: string;
  /** `image shop:1.4 → shop:1.5` */
  readonly words: string;
}

/** The keys that a cause comes from, the likeliest first. Of others nothing is said: a guess would mislead. */
const suspects: Readonly<Record<string, readonly string[]>> = {
  crash: ['image', 'entrypoint', 'command', 'env', 'files', 'security', 'volumes'],
  exited: ['command', 'entrypoint', 'image', 'env'],
  'out-of-memory': ['resources', 'image', 'env', 'command'],
  'cannot-start': ['entrypoint', 'command', 'image', 'security'],
  'wrong-architecture': ['image'],
  'image-not-found': ['image'],
  'image-refused': ['image'],
  'image-pull': ['image'],
  'pull-rate-limited': ['image'],
  'runs-as-root': ['security', 'image'],
  'read-only-root': ['security', 'image', 'env', 'command', 'volumes'],
  'bad-config': ['env', 'files'],
  'probe-failing': ['health', 'port', 'image', 'env', 'command', 'entrypoint', 'files'],
  'listens-elsewhere': ['port', 'env', 'command', 'image'],
  'listens-on-localhost': ['env', 'command', 'image', 'port'],
  unschedulable: ['resources', 'placement', 'volumes', 'instances'],
  quota: ['resources', 'instances', 'volumes'],
  'limit-range': ['resources'],
  'admission-refused': ['security', 'image', 'resources', 'volumes', 'placement'],
  'instances-refused': ['security', 'image', 'resources', 'volumes'],
  'volume-not-bound': ['volumes'],
  'volume-not-mounted': ['volumes', 'files'],
  'init-failed': ['image', 'env', 'command'],
  evicted: ['resources', 'image', 'env', 'command'],
};

/** The change of a release that most likely did it; undefined where it changed nothing that could have. */
export function guiltyChange(
  { code, key }: Cause,
  component: string,
  differences: readonly Difference[],
): GuiltyChange | undefined {
  const changed = differences
    .filter((one) => one.component === component && one.action === 'update')
    .flatMap((one) => {
      const of = keyOf(one);
      return of ? [{ ...of, difference: one }] : [];
    });
  // The key that the cause itself points at comes first where this release changed it, but for a program's own faults.
  const order = [...(suspects[code] ?? []), ...(key && !suspects[code] ? [key] : [])];
  const found = order
    .map((suspect) => changed.find(({ top }) => top === suspect))
    .find((one) => one !== undefined);
  if (!found) return undefined;
  const words = describeDifferences([found.difference])[0]?.words ?? found.difference.words;
  return { key: found.key, words };
}

/** Which key of the language a field of a component's objects comes from. */
function keyOf({ object, field, words }: Difference): { top: string; key: string } | undefined {
  const [, variable] = /^env (\S+)/.exec(words) ?? [];
  // What paas gives by itself: the port as PORT, addresses of what is used.
  if (variable === 'PORT') return { top: 'port', key: 'port' };
  if (variable) return { top: 'env', key: `env.${variable}` };
  if (object.startsWith('configmap/')) return { top: 'files', key: 'files' };
  const found = keys.find(([pattern]) => pattern.test(words) || pattern.test(field));
  return found && { top: found[1], key: found[1] };
}

const keys: readonly (readonly [RegExp, string])[] = [
  [/^image$/, 'image'],
  [/^command$/, 'command'],
  [/^entrypoint$/, 'entrypoint'],
  [/^instances$/, 'instances'],
  [/^resources\b/, 'resources'],
  [/^(startup|readiness|liveness)Probe\b/, 'health'],
  [/securityContext\b/, 'security'],
  [/^ports\b/, 'port'],
  [/configMap|secretName/, 'files'],
  [/^volumeMounts|volumeClaimTemplates|persistentVolumeClaim/, 'volumes'],
  [/^volumes\b/, 'files'],
  [/affinity|tolerations|nodeSelector|topologySpread/i, 'placement'],
];
