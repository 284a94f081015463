/** How a registry wants to be logged in to. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The challenges of a www-authenticate header, as RFC 9110 (11.6.1) has them: several may stand in one line. */
export function readChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  const text = typeof header === 'string' ? header : (header ?? []).join(', ');
  // Either a parameter (name=value), or a word that stands alone: the next scheme.
  for (const [, name, quoted, bare, scheme] of text.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g,
  )) {
    if (scheme) found.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name) {
      const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
      const last = found.at(-1);
      if (last) last.parameters[name.toLowerCase()] = value;
    }
  }
  return found;
}
