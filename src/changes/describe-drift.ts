import { inWords, masked } from '../plan/compare-plans.ts';
import { shown } from '../plan/describe-differences.ts';
import type { Drift } from './drift.ts';

/** What happened to a field, in words: `image shop:1.4 → shop:1.5`, `env ADDED added: 1`, `3 → 7 instances`. */
export function describeDrift(drift: Drift): string {
  const { object, field, from, to } = drift;
  if (field === '') return to === undefined ? 'deleted' : 'another object of that name';
  const name = object.slice(object.indexOf('/') + 1);
  const words = inWords(plainField(field), name);
  if (words === 'instances') return `${from ?? 'unset'} → ${to} instances`;
  const hidden = object.startsWith('secret/') ? masked : undefined;
  const [a, b] = [from, to].map((value) =>
    value === undefined ? undefined : (hidden ?? shown(plainValue(value)) ?? 'another value'),
  );
  if (a === undefined) return `${words} added: ${b}`;
  if (b === undefined) return `${words} removed`;
  return `${words} ${a} → ${b}`;
}

/** What a deploy does about it, in words. */
export const fates: Readonly<Record<Drift['fate'], string>> = {
  taken_back: 'will be taken back',
  taken_out: 'will be taken out',
  made_again: 'will be made again',
  kept: 'kept',
  refused: 'a deploy stops at it; --take-over takes it back',
};

/** As people write it: `spec.template.spec.containers[web].env[ADDED]`. */
function plainField(field: string): string {
  return field.slice(1).replaceAll(/\[([^\]"]*"(?:[^"\\]|\\.)*"[^\]]*|[^\]]*)\]/g, (_, keys: string) => {
    const values = [...keys.matchAll(/=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, value]) =>
      String(JSON.parse(value!)),
    );
    return `[${values.length > 0 ? values.join('/') : keys}]`;
  });
}

/** A variable that was added as a whole is shown by its value. */
function plainValue(value: unknown): unknown {
  const { value: text, name } = (value ?? {}) as { value?: unknown; name?: unknown };
  return typeof text === 'string' && typeof name === 'string' ? text : value;
}

/** The program that did it, as people know it. */
export function describeManager(manager: string): string {
  if (manager === 'kube-controller-manager' || /autoscaler|keda/.test(manager)) return 'the autoscaler';
  return manager;
}
