import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import { conditionsOf } from './condition.ts';
import type { ContainerSpec } from './container.ts';

/** Why the scheduler finds no node for an instance, in words; undefined where it has found one, or hasn't tried yet. */
export function unschedulable(pod: KubeObject): Cause | undefined {
  const found = conditionsOf(pod).find(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  if (!found) return undefined;
  const { message, key } = describeRefusals(found.message ?? '', pod);
  return { code: 'unschedulable', class: 'waiting', message, pod: pod.metadata.name, key };
}

/** A reason of the scheduler's, in its words, and in ours. Source: Kubernetes, pkg/scheduler/framework/plugins. */
const reasons: readonly {
  readonly words: RegExp;
  readonly say: (many: boolean, match: RegExpExecArray, pod: KubeObject) => string;
  readonly key: string;
}[] = [
  {
    words: /^Insufficient (\S+)$/,
    say: (many, [, what = ''], pod) => `${has(many)} too little ${what} free${asks(pod, what)}`,
    key: 'resources',
  },
  { words: /^Too many pods$/, say: (many) => `${has(many)} as many instances as may be`, key: 'instances' },
  {
    words: /untolerated taint(?:\(s\))?(?: \{([^}]*)\})?/,
    say: (many, [, taint]) =>
      `${has(many)} a taint that it doesn't tolerate${taint ? ` (${taint.replace(/: $/, '')})` : ''}`,
    key: 'placement',
  },
  {
    words: /node affinity\/selector/,
    say: (many) => `${many ? 'are' : 'is'} not of the pool that it asks for`,
    key: 'placement',
  },
  {
    words: /pod anti-affinity|existing pods anti-affinity/,
    say: (many) => `${has(many)} an instance already that it may not be beside`,
    key: 'placement',
  },
  {
    words: /pod affinity/,
    say: (many) => `${has(many)} no instance of what it is to be near`,
    key: 'placement',
  },
  {
    words: /topology spread/,
    say: (many) => `would have more than ${many ? 'their' : 'its'} share`,
    key: 'placement',
  },
  {
    words: /volume node affinity conflict|no available persistent volumes? to bind/i,
    say: () => "can't reach its volume",
    key: 'volumes',
  },
  { words: /max volume count/, say: (many) => `${has(many)} as many volumes as may be`, key: 'volumes' },
  {
    words: /free ports/,
    say: (many) => `${has(many)} its port taken`,
    key: 'port',
  },
  {
    words: /were unschedulable/,
    say: (many) => `${many ? 'take' : 'takes'} nothing at present`,
    key: 'placement',
  },
  { words: /not[- ]ready|unreachable/, say: (many) => `${many ? 'are' : 'is'} not ready`, key: 'placement' },
];

const has = (many: boolean): string => (many ? 'have' : 'has');

/** `0/3 nodes are available: 1 node(s) had untolerated taint {gpu: }, 2 Insufficient cpu. preemption: …` */
function describeRefusals(message: string, pod: KubeObject): { message: string; key: string } {
  const [, total, list] =
    /^0\/(\d+) nodes are available: (.*?)(?:\. ?(?:preemption:.*|no new claims.*))?\.?$/s.exec(
      message.replace(/\. ?preemption: .*$/s, ''),
    ) ?? [undefined, undefined, undefined];
  if (!total || !list) return { message: `No node takes it: ${message}`, key: 'resources' };
  const said: string[] = [];
  let key: string | undefined;
  for (const part of list.replaceAll(/\}, (?=\d)/g, '}\n').split(/, (?=\d)|\n/)) {
    const [, count = '', words = ''] = /^(\d+) (.*)$/s.exec(part.trim()) ?? [];
    const reason = reasons.find((one) => one.words.test(words));
    const many = Number(count) !== 1;
    const who = total === '1' ? 'it' : count;
    said.push(reason ? `${who} ${reason.say(many, reason.words.exec(words)!, pod)}` : part.trim());
    key ??= reason?.key;
  }
  const nodes = total === '1' ? "The only node doesn't take it" : `None of ${total} nodes takes it`;
  return { message: `${nodes}: ${said.join(', ')}.`, key: key ?? 'resources' };
}

/** How much of something an instance asks for: the sum over its containers, where each says it. */
function asks(pod: KubeObject, resource: string): string {
  const amounts = ((pod.spec?.containers ?? []) as ContainerSpec[])
    .map(({ resources }) => resources?.requests?.[resource])
    .filter((amount) => amount !== undefined);
  return amounts.length > 0 ? ` for the ${amounts.join(' + ')} that it asks for` : '';
}
