import { keyPlaceAt, type MapValue } from '../document/value.ts';
import { mayNotShadow } from '../problems/catalog.ts';
import { fail, type Problem } from '../problems/problem.ts';
import type { Feature } from './feature.ts';

/** What stands in layers: features and runtimes. */
type Layered = Pick<Feature, 'name' | 'layer' | 'folder'>;

/** Who may replace whose features. */
export interface ShadowRule {
  /** The built-in features that an app may replace; undefined: all, because nobody says otherwise. */
  readonly allowed: readonly string[] | undefined;
  readonly platform: MapValue | undefined;
}

/**
 * The features (or runtimes) that hold, of several layers, the built-in ones first: one of a later layer takes the place of an
 * earlier one of its name. Throws a PaasError where an app replaces what the platform doesn't let it.
 */
export function layered<T extends Layered>(features: readonly T[], rule: ShadowRule): T[] {
  const holding = new Map<string, T>();
  const problems: Problem[] = [];
  for (const feature of features) {
    const before = holding.get(feature.name);
    if (feature.layer === 'app' && before && rule.allowed && !mayReplace(before, rule.allowed)) {
      const at = rule.platform?.entries.has('shadow') ? keyPlaceAt(rule.platform, ['shadow']) : undefined;
      problems.push(mayNotShadow(feature.folder, feature.name, before.layer, at));
    }
    holding.set(feature.name, feature);
  }
  if (problems.length > 0) fail(...problems);
  return [...holding.values()];
}

/** What the platform team itself has said is not an app's to replace. */
function mayReplace({ name, layer }: Layered, allowed: readonly string[]): boolean {
  return layer === 'built-in' && allowed.includes(name);
}
