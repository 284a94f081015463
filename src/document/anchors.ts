import { type Alias, isAlias, isMap, isPair, isSeq, type Node } from 'yaml';

export interface Aliases {
  readonly targets: ReadonlyMap<Alias, Node | undefined>;
  /** The names of all anchors. */
  readonly anchors: readonly string[];
}

/**
 * What each alias stands for: the last anchor of its name before it. Found in one walk; asking the library for each
 * alias would walk the whole text each time.
 */
export function resolveAliases(root: Node | null): Aliases {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node | undefined>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      aliases.set(node, anchors.get(node.source));
    } else if (isPair(node)) {
      walk(node.key);
      walk(node.value);
    } else if (isMap(node) || isSeq(node)) {
      if (node.anchor) anchors.set(node.anchor, node);
      for (const item of node.items) walk(item);
    } else {
      const { anchor } = (node ?? {}) as { anchor?: string };
      if (anchor) anchors.set(anchor, node as Node);
    }
  };
  walk(root);
  return { targets: aliases, anchors: [...anchors.keys()] };
}
