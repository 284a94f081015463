/** An error of a registry. Source: distribution-spec, "Error Codes". */
interface RegistryErrors {
  readonly errors?: readonly {
    readonly code?: string;
    readonly message?: string;
    readonly detail?: unknown;
  }[];
  /** Of the servers that give tokens. */
  readonly details?: unknown;
  readonly message?: unknown;
}

/** What a registry said, in its own words: a few short lines. A page of HTML says nothing. */
export function wordsOf(body: string): string[] {
  const parsed = parse(body);
  if (parsed === undefined) {
    const text = body.trim();
    return text === '' || text.startsWith('<') ? [] : [short(text.split('\n')[0]!)];
  }
  if (!parsed.errors?.length) {
    const said = parsed.details ?? parsed.message;
    return typeof said === 'string' ? [short(said)] : [];
  }
  return parsed.errors.slice(0, 3).map(({ code, message, detail }) => {
    const more = typeof detail === 'string' && detail !== '' ? ` (${detail})` : '';
    return short(`${[code, message].filter(Boolean).join(': ')}${more}`);
  });
}

/** The permanent codes in it: `DENIED`, `UNSUPPORTED`. */
export function codesOf(body: string): string[] {
  return (parse(body)?.errors ?? []).flatMap(({ code }) => (code ? [code] : []));
}

function parse(body: string): RegistryErrors | undefined {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
