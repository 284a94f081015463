/**
 * The candidate that a person most likely meant by a word, if one is near enough to be worth saying:
 * a third of its letters may differ. Distance: optimal string alignment (edits and swapped neighbours).
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  return allNearest(word, candidates)[0];
}

/** How a name that isn't known is looked up among those that are. */
export type NearestOf = (word: string, candidates: readonly string[]) => string | undefined;

/** The same, so many times: what a hundred problems have told already helps nobody, and takes its time. */
export function fewNearest(most: number): NearestOf {
  let left = most;
  return (word, candidates) => (left-- > 0 ? nearest(word, candidates) : undefined);
}

/** All candidates that are as near as the nearest: more than one means that nobody can be certain. */
export function allNearest(word: string, candidates: Iterable<string>): string[] {
  // Another tool's name or a whole sentence: no typing error.
  if (word.length > 64) return [];
  const plain = simplify(word);
  let best: string[] = [];
  let bestDistance = Math.max(1, Math.floor(word.length / 3));
  // In a word of two letters one edit makes any other word.
  if (plain.length < 3) bestDistance = 0;
  for (const candidate of candidates) {
    const other = simplify(candidate);
    if (Math.abs(other.length - plain.length) > bestDistance) continue;
    const distance = editDistance(plain, other, bestDistance);
    if (distance > bestDistance) continue;
    if (distance < bestDistance) best = [];
    best.push(candidate);
    bestDistance = distance;
  }
  return best;
}

/** camelCase, kebab-case and capitals are habits of other tools, not typing errors. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '').slice(0, 64);
}

/** More than `most` where it is more than that: how much more isn't looked at. */
function editDistance(a: string, b: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, beforeLast[j - 2]! + 1);
      }
      row.push(value);
    }
    if (i > 1 && Math.min(...row) > most && Math.min(...last) > most) return most + 1;
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
