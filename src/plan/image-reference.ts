/** An image reference taken apart. */
export interface ImageReference {
  /** The registry's host, with its port. */
  readonly registry: string;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/**
 * An image reference with what is left out of it filled in, as every container runtime does it.
 * Source: github.com/distribution/reference, ParseNormalizedNamed: the first part is a registry where it has a dot or
 * a port or is localhost; else it is Docker Hub's.
 */
export function readImageReference(text: string): ImageReference {
  const [name = '', digest] = text.split('@');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const named = /[.:]/.test(first) || first === 'localhost';
  const rest = named ? name.slice(slash + 1) : name;
  const [path = '', tag] = rest.split(':');
  const registry = named ? first : 'docker.io';
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return { registry, path, tag, digest };
  return { registry: 'docker.io', path: path.includes('/') ? path : `library/${path}`, tag, digest };
}

/** Whether an image comes from a registry, or from below a path in it: `registry.example.com/team`. */
export function comesFrom({ registry, path }: ImageReference, place: string): boolean {
  const whole = `${registry}/${path}`;
  return whole === place || whole.startsWith(`${place}/`);
}
