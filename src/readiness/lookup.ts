import type { KubeObject } from '../cluster/cluster.ts';

// Each of a thousand components looks for its own among all that there is of a kind. A list is read once for all of
// them, and must not change any more.

type Lookup = (objects: readonly KubeObject[], key: string | undefined) => readonly KubeObject[];

/** The objects of a list that were made by the one with this uid. */
export const madeBy = lookupBy(({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid));

/** Those of a kind and name, `Deployment/web`: one in each group of the API. */
export const named = lookupBy(({ kind, metadata }) => [`${kind}/${metadata.name}`]);

/** The events about the object with this uid. */
export const about = lookupBy(({ involvedObject, regarding }) => [involvedObject?.uid ?? regarding?.uid]);

function lookupBy(keysOf: (object: KubeObject) => readonly (string | undefined)[]): Lookup {
  const known = new WeakMap<readonly KubeObject[], ReadonlyMap<string | undefined, KubeObject[]>>();
  return (objects, key) => {
    const found = known.get(objects) ?? group(objects, keysOf);
    known.set(objects, found);
    return (key !== undefined && found.get(key)) || [];
  };
}

function group(
  objects: readonly KubeObject[],
  keysOf: (object: KubeObject) => readonly (string | undefined)[],
): Map<string | undefined, KubeObject[]> {
  const groups = new Map<string | undefined, KubeObject[]>();
  for (const object of objects) {
    for (const key of keysOf(object)) {
      const own = groups.get(key);
      if (own) own.push(object);
      else groups.set(key, [object]);
    }
  }
  return groups;
}
