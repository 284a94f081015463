/** Names of apps become part of a namespace, with an environment behind them: longer ones are cut. */
const longest = 40;

/** The nearest name that Kubernetes takes: lower-case letters, digits and hyphens, a letter first. */
export function slug(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/-+$/, '');
  return plain === '' ? otherwise : plain;
}

/** The same, another than those that are taken. */
export function freeSlug(text: string, otherwise: string, taken: ReadonlySet<string>): string {
  const name = slug(text, otherwise);
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
