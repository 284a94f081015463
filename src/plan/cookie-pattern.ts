/**
 * A regular expression (RE2) for a `Cookie` header that carries all of some cookies with exactly these values, in
 * whatever order and among whatever others. There is one such header, and RE2 can't look ahead: so every order is
 * said. Sources: RFC 6265, 4.2; github.com/google/re2/wiki/Syntax.
 */
export function cookiePattern(cookies: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(cookies).map(([name, value]) => escaped(`${name}=${value}`));
  const orders = permutations(pairs).map((order) => order.join(';(?:.*;)?\\s*'));
  const all = orders.length === 1 ? orders[0] : `(?:${orders.join('|')})`;
  return `^(?:.*;\\s*)?${all}\\s*(?:;.*)?$`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}
