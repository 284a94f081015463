import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, FoundCause, Readiness } from './cause.ts';
import type { Facts } from './facts.ts';
import { ousted } from './node-trouble.ts';
import { podCause } from './pod.ts';

/** Instances that were put out before it is a failure: the first may have met a node that ran short. */
const outBudget = 2;

/** What keeps instances from being ready: failures first, then what says most. */
export function instanceCauses(
  pods: readonly KubeObject[],
  facts: Facts,
  now: number,
): { readonly failed: Cause | undefined; readonly first: Cause | undefined } {
  const found = pods.map((pod) => podCause(pod, facts, now)).filter((one) => one !== undefined);
  const all = [...found, ...outOf(pods, facts)];
  const telling = [...all].sort((a, b) => weight(a.cause) - weight(b.cause));
  return { failed: telling.find(({ failed }) => failed)?.cause, first: telling[0]?.cause };
}

/** An instance that is merely pulled or placed says less than one that crashes. */
function weight({ class: kind, code }: Cause): number {
  if (code === 'image-pull') return 4;
  // What became of the one before says more than that its successor isn't ready yet.
  if (code === 'probe-failing') return 2;
  return { hopeless: 0, budgeted: 1, waiting: 3 }[kind];
}

/** Those that their nodes put out: replaced by others, which may fare no better. */
function outOf(pods: readonly KubeObject[], facts: Facts): FoundCause[] {
  const since = pods.filter(({ metadata }) => !facts.before?.gone.has(metadata.uid ?? ''));
  const out = since.map((pod) => ousted(pod, facts)).filter((cause) => cause !== undefined);
  const last = out.at(-1);
  return last ? [{ cause: last, failed: last.class === 'budgeted' && out.length >= outBudget }] : [];
}

/** A readiness that failed of a cause. */
export function failedOf(cause: Cause, ready: number, wanted: number): Readiness {
  return { state: 'failed', ready, wanted, message: cause.message, cause };
}
