import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { getObject } from '../cluster/objects.ts';

/** What stands in place of a secret value. */
const hidden = '(hidden)';
/** Shorter values are found in every text. */
const shortest = 4;
/** Of a part that base64 has in common with others less is certain. */
const shortestPart = 8;

/** Takes the values of the secrets that instances are given out of texts that they wrote. */
export type Redact = (text: string) => string;

/** Makes redactors; a secret is read once. Those that may not be read can't be known again. */
export function makeRedactor(
  cluster: Cluster,
  namespace: string,
): (pods: readonly KubeObject[]) => Promise<Redact> {
  const read = new Map<string, Promise<readonly string[]>>();
  const valuesOf = (name: string): Promise<readonly string[]> => {
    const before = read.get(name);
    if (before) return before;
    const values = readValues(cluster, namespace, name);
    read.set(name, values);
    return values;
  };
  return async (pods) => {
    const names = new Set(pods.flatMap((pod) => secretNames(pod.spec)));
    return redacting((await Promise.all([...names].map(valuesOf))).flat());
  };
}

/** A redactor of these values, in any of the forms that programs write them in. */
export function redacting(values: readonly string[]): Redact {
  const forms = [...new Set(values.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, hidden), text);
}

async function readValues(cluster: Cluster, namespace: string, name: string): Promise<readonly string[]> {
  try {
    const secret = await getObject(cluster, { apiVersion: 'v1', kind: 'Secret', namespace, name });
    const data = (secret?.data ?? {}) as Readonly<Record<string, string>>;
    return Object.values(data).map((value) => Buffer.from(value, 'base64').toString('utf8'));
  } catch (error) {
    if (isStatus(error, 403)) return [];
    throw error;
  }
}

/** The secrets that an instance gets as variables or files. */
function secretNames(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(secretNames);
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    const ref = value as { name?: string; secretName?: string } | null;
    if (key === 'secretKeyRef' || key === 'secretRef') return ref?.name ? [ref.name] : [];
    if (key === 'secret') return [ref?.secretName ?? ref?.name ?? []].flat();
    return secretNames(value);
  });
}

function formsOf(value: string): string[] {
  const whole = value.trim();
  if (whole.length < shortest) return [];
  // Logs are read by lines.
  const lines = whole.includes('\n')
    ? whole
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.length >= shortestPart)
    : [];
  const written = [whole, JSON.stringify(whole).slice(1, -1), encodeURIComponent(whole)];
  return [...written, ...lines, ...base64Forms(value), ...base64Forms(whole)];
}

/** As it stands in base64, alone or behind something else: then its first characters depend on what is before. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const from = Math.ceil((before * 4) / 3);
    // Whole groups of three bytes alone are sure to be written like this.
    const to = Math.floor(bytes.length / 3) * 4;
    const text = bytes.toString('base64');
    const parts = [text.slice(from, to), ...(before === 0 ? [text, text.replace(/=+$/, '')] : [])];
    return parts
      .filter((part) => part.length >= (before === 0 ? shortest : shortestPart))
      .flatMap((part) => [part, part.replaceAll('+', '-').replaceAll('/', '_')]);
  });
}
