import type { Difference } from './compare-plans.ts';

/** The longest value that is shown in a line. */
const longest = 60;

/** A difference in words: `image shop:1.4 → shop:1.5`, `env DEBUG added: 1`, `created`. */
export function describeDifference({ action, words, from, to }: Difference): string {
  if (words === '') return action === 'create' ? 'created' : 'removed';
  if (from === undefined) return `${words} added${shownAfter(to)}`;
  if (to === undefined) return `${words} removed`;
  const [a, b] = [shown(from), shown(to)];
  return a === undefined || b === undefined || a === b ? `${words} changed` : `${words} ${a} → ${b}`;
}

/** A difference with its words, as plain data. */
export interface DescribedDifference extends Pick<Difference, 'object' | 'field' | 'from' | 'to'> {
  readonly component?: string;
  readonly words: string;
}

/** Differences for people and scripts. */
export function describeDifferences(differences: readonly Difference[]): DescribedDifference[] {
  return differences.map((one) => ({
    object: one.object,
    ...(one.component !== undefined && { component: one.component }),
    field: one.field,
    words: describeDifference(one),
    ...('from' in one && { from: one.from }),
    ...('to' in one && { to: one.to }),
  }));
}

/** What differs, in one line: the most telling first, by component. */
export function describeInShort(differences: readonly Difference[], most = 3): string {
  if (differences.length === 0) return 'the same once more';
  const parts = inShort(differences);
  const rest = parts.length - most;
  const shown = parts.slice(0, most).map(({ of, words }, index) => {
    if (of === parts[index - 1]?.of) return `, ${words}`;
    return `${index > 0 ? '; ' : ''}${of} ${words}`;
  });
  return `${shown.join('')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

interface Part {
  readonly of: string;
  readonly words: string;
}

/** Components that came or went are one word each; of others, images and numbers come first. */
function inShort(differences: readonly Difference[]): Part[] {
  const isWorkload = (object: string): boolean => /^(deployment|statefulset|cronjob)\//.test(object);
  const moved = differences.filter(({ words, object }) => words === '' && isWorkload(object));
  const of = (one: Difference): string => one.component ?? one.object;
  const names = new Set(moved.map(of));
  const rank = ({ words }: Difference): number => {
    const at = ['image', 'instances'].indexOf(words);
    return at >= 0 ? at : words.startsWith('env ') ? 2 : words === '' ? 4 : 3;
  };
  const others = differences.filter((one) => !names.has(of(one))).sort((a, b) => rank(a) - rank(b));
  const parts = others.map((one) => ({
    of: one.words === '' ? one.object : of(one),
    words: withShortImages(one),
  }));
  // By component, that with the most telling difference first.
  const grouped = [...Map.groupBy(parts, (part) => part.of).values()].flat();
  const known = new Map(grouped.map((part) => [`${part.of} ${part.words}`, part]));
  return [...moved.map((one) => ({ of: of(one), words: describeDifference(one) })), ...known.values()];
}

function withShortImages(one: Difference): string {
  if (one.words !== 'image') return describeDifference(one);
  return describeDifference({ ...one, from: shortImage(one.from), to: shortImage(one.to) });
}

/** The last part of an image's name, with its tag; a digest in short. */
export function shortImage(image: unknown): string {
  const [name = '', digest] = String(image).split('@');
  const last = name.split('/').at(-1)!;
  return digest ? `${last}@${digest.slice(0, 'sha256:'.length + 7)}` : last;
}

function shownAfter(value: unknown): string {
  const text = shown(value);
  return text === undefined ? '' : `: ${text}`;
}

/** Undefined where it doesn't fit into a line. */
export function shown(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === '') return '""';
  return text.length > longest || text.includes('\n') ? undefined : text;
}
