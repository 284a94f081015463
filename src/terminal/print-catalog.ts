import { type Screen, styleOf } from './style.ts';
import { wrap } from './wrap.ts';

/** A feature as it is listed. */
export interface ListedFeature {
  readonly name: string;
  readonly layer: string;
  readonly keys: readonly string[];
  readonly description: string;
  readonly folder: string;
}

/** The features, for a person: what each does, by which keys, and where it comes from. */
export function printCatalog(features: readonly ListedFeature[], screen: Screen): void {
  const style = styleOf(screen);
  const width = Math.min(screen.columns ?? 100, 100);
  const entries = features.map(({ name, layer, keys, description, folder }) => {
    const from = layer === 'built-in' ? layer : `${layer}, ${folder}`;
    const lines = [`${style.bold(name)} ${style.dim(`(${from})`)}`, ...wrap(description, width, 2)];
    if (keys.length > 0) lines.push(...wrap(`keys: ${keys.join(', ')}`, width, 2));
    return lines.join('\n');
  });
  screen.write(`${entries.join('\n')}\n`);
}
