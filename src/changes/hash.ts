import { hash } from 'node:crypto';
import type { KubeObject } from '../cluster/cluster.ts';

interface Known {
  /** Of the same value the same, whatever the order of its keys. That of a plan is made of those of its manifests. */
  readonly text: string;
  readonly hash: string;
}

/** What was hashed before: plans and manifests are, several times in one deploy, and none of them ever changes. */
const known = new WeakMap<object, Known>();

/** A hash of a plain value that doesn't depend on the order of its keys. The value is not to change any more. */
export function hashOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return digest(canonical(value));
  const found = known.get(value);
  if (found) return found.hash;
  const text = canonical(value);
  const made = { text, hash: digest(text) };
  known.set(value, made);
  return made.hash;
}

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** The hashes of fields by their text, as the cluster sent them: most objects of one kind have the same. */
const ofFields = new Map<string, string>();
/** So many are kept in mind. */
const most = 100;

/** A hash of the fields that a manager has applied, as the cluster tells them. */
export function ownFieldsHash(object: Pick<KubeObject, 'metadata'>, manager: string): string {
  const own = object.metadata.managedFields?.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  );
  const text = JSON.stringify(own?.fieldsV1 ?? null);
  const found = ofFields.get(text);
  if (found !== undefined) return found;
  const made = digest(canonical(own?.fieldsV1 ?? null));
  if (ofFields.size < most) ofFields.set(text, made);
  return made;
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const found = known.get(value);
  if (found) return found.text;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${canonical(item ?? null)}`;
    return `[${text}]`;
  }
  const one = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(one).sort()) {
    if (one[key] !== undefined) text += `${text && ','}${JSON.stringify(key)}:${canonical(one[key])}`;
  }
  return `{${text}}`;
}
