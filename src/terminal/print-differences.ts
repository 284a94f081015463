import type { DifferenceLine } from '../events.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** What differs between two releases, by component. */
export function printDifferences(
  from: number,
  to: number,
  differences: readonly DifferenceLine[],
  screen: Screen,
): void {
  const style = styleOf(screen);
  if (differences.length === 0) {
    screen.write(`Releases ${from} and ${to} say the same.\n`);
    return;
  }
  const byObject = Map.groupBy(differences, ({ object }) => object);
  const lines = [...byObject].flatMap(([object, own]) => [
    style.bold(object),
    ...own.map(({ words }) => `  ${printable(words)}`),
  ]);
  screen.write(`${lines.join('\n')}\n`);
}
