// The forms in which people write times, sizes and the like. One function per `x-type` of the schema:
// it gives the normal form, or throws a LiteralError that says what is expected.

export class LiteralError extends Error {}

/** `30s`, `5min`, `5m`, `2h`, `1d`, `500ms`, combinations such as `1h30m`, or a number of seconds → seconds. */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|sec|min|m|h|d)(?![a-z])\s*/gy)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || length !== text.length) {
    throw new LiteralError('a duration such as 30s, 5min or 1h30m');
  }
  const seconds: Record<string, number> = { ms: 0.001, s: 1, sec: 1, min: 60, m: 60, h: 3600, d: 86400 };
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * seconds[unit!]!, 0);
}

/** `500m`, `0.5`, `2` → a Kubernetes quantity, in thousandths where it isn't whole. */
export function parseCpu(text: string): string {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  const milli = match ? Math.round(Number(match[1]) * (match[2] ? 1 : 1000)) : 0;
  if (milli < 1) throw new LiteralError('CPU cores such as 2, 0.5 or 500m');
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/**
 * `512Mi`, `512MB`, `1.5GB`, or bytes → a Kubernetes quantity.
 * A lower-case `m` is refused: Kubernetes reads `512m` as half a byte.
 */
export function parseMemory(text: string): string {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGTP]i?B?|k|B)?$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new LiteralError('memory such as 512Mi, 512MB or 2Gi');
  const unit = (match[2] ?? '').replace(/B$/, '').replace(/^K$/, 'k');
  const amount = Number(match[1]);
  if (Number.isInteger(amount)) return `${amount}${unit}`;
  const factors: Record<string, number> = {
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
  };
  return String(Math.round(amount * (factors[unit] ?? 1)));
}

/** A command line as a list of words; quotes group, a backslash takes the next character as it is. */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)/gy;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    words.push(match[1]!.replaceAll(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g, unquote));
    end = match.index + match[0].length;
  }
  if (text.slice(end).trim() !== '' || words.length === 0) {
    throw new LiteralError('a command with closed quotes, or a list of words');
  }
  return words;
}

function unquote(_: string, escaped?: string, double?: string, single?: string): string {
  return escaped ?? double?.replaceAll(/\\(.)/g, '$1') ?? single ?? '';
}

/**
 * An image reference: [registry/]path[:tag][@digest].
 * Source: the grammar of github.com/distribution/reference.
 */
export function parseImage(text: string): string {
  const reference =
    /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/|\[[0-9a-fA-F:]+\](?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,})?$/;
  if (text.length > 400 || !reference.test(text)) {
    throw new LiteralError('an image such as registry.example.com/shop:1.4');
  }
  return text;
}
