import { parseCron } from './cron.ts';
import { LiteralError } from './literal-error.ts';
import { parseTimeZone } from './time-zone.ts';

// The forms in which people write times, sizes and the like. One function per `x-type` of the schema:
// it gives the normal form, or throws a LiteralError that says what is expected.

export { LiteralError };

/** The normal form of a text, by its `x-type`. Throws a LiteralError. */
export function readLiteral(type: string, text: string): unknown {
  const read = literals[type];
  return read ? read(text) : text;
}

const literals: Readonly<Record<string, (text: string) => unknown>> = {
  text: parseText,
  duration: parseDuration,
  percent: parsePercent,
  cpu: parseCpu,
  memory: parseMemory,
  size: parseSize,
  bandwidth: parseBandwidth,
  mode: parseMode,
  host: parseHost,
  image: parseImage,
  registry: parseRegistry,
  arguments: splitArguments,
  cron: parseCron,
  time_zone: parseTimeZone,
};

/** `30s`, `5min`, `5m`, `2h`, `1d`, `500ms`, combinations such as `1h30m`, or a number of seconds → seconds. */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return withinReason(Number(text));
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|sec|min|m|h|d)(?![a-z])\s*/gy)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || length !== text.length) {
    throw new LiteralError('a duration such as 30s, 5min or 1h30m', { meant: nearDuration(text) });
  }
  const seconds: Record<string, number> = { ms: 0.001, s: 1, sec: 1, min: 60, m: 60, h: 3600, d: 86400 };
  return withinReason(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * seconds[unit!]!, 0));
}

/** Longer times are typing errors, and a thousand of them must fit into Kubernetes' 32 bits. Seconds. */
const longest = 7 * 86400;

function withinReason(seconds: number): number {
  if (seconds <= longest) return seconds;
  throw new LiteralError('a duration of at most 7d');
}

/** Text as it is written. No program can be given a NUL in a variable or an argument. */
function parseText(text: string): string {
  if (!text.includes('\0')) return text;
  throw new LiteralError('text without the character NUL');
}

/** `5 minutes`, `30S`, `2 hours` as they are written here. */
function nearDuration(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim());
  const unit = match?.[2]?.toLowerCase() ?? '';
  const units: [string, RegExp][] = [
    ['ms', /^(ms|msecs?|milli(second)?s?)$/],
    ['s', /^(s|secs?|seconds?)$/],
    ['min', /^(m|mins?|minutes?)$/],
    ['h', /^(h|hrs?|hours?)$/],
    ['d', /^(d|days?)$/],
  ];
  const found = units.find(([, words]) => words.test(unit));
  return match && found ? `${match[1]}${found[0]}` : undefined;
}

/** `5%`, `0.5%`, or the number alone → the number, from 0 to 100. */
export function parsePercent(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text);
  if (!match || Number(match[1]) > 100) throw new LiteralError('a percentage from 0% to 100%');
  return Number(match[1]);
}

/** More cores than any machine has: thousandths without their m. */
const mostCores = 256;

/** `500m`, `0.5`, `2` → a Kubernetes quantity, in thousandths where it isn't whole. */
export function parseCpu(text: string): string {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  const milli = match ? Math.round(Number(match[1]) * (match[2] ? 1 : 1000)) : 0;
  if (milli < 1) throw new LiteralError('CPU cores such as 2, 0.5 or 500m');
  if (milli > mostCores * 1000) {
    const meant = match?.[2] ? undefined : `${match?.[1]}m (thousandths of a core)`;
    throw new LiteralError(`CPU cores, at most ${mostCores}`, { meant });
  }
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Kubernetes' own units; a `B` behind them is left out. */
const factors: Readonly<Record<string, number>> = {
  '': 1,
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

/** A program doesn't start in less: a number that lost its unit. Bytes. */
const leastMemory = 1e6;

/**
 * `512Mi`, `512MB`, `1.5GB`, or bytes → a Kubernetes quantity.
 * A lower-case `m` is refused: Kubernetes reads `512m` as half a byte.
 */
export function parseMemory(text: string): string {
  return parseBytes(text, 'memory such as 512Mi, 512MB or 2Gi', 'Mi');
}

/** The same for a disk. */
export function parseSize(text: string): string {
  return parseBytes(text, 'a size such as 512Mi, 10Gi or 20GB', 'Gi');
}

function parseBytes(text: string, expected: string, usual: string): string {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGTP]i?B?|k|B)?$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new LiteralError(expected, { meant: nearSize(text) });
  const unit = (match[2] ?? '').replace(/B$/, '').replace(/^K$/, 'k');
  const amount = Number(match[1]);
  const bytes = Math.round(amount * factors[unit]!);
  if (bytes < leastMemory) throw new LiteralError(expected, { meant: `${match[1]}${usual}` });
  if (bytes > factors.Pi!) throw new LiteralError(`${expected}, at most 1Pi`);
  return Number.isInteger(amount) ? `${amount}${unit}` : String(bytes);
}

/** `512m`, `512 mb`, `2g` as they are written here. */
function nearSize(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgtp])(i?)(b?)(?:ytes?)?$/i.exec(text.trim());
  if (!match) return undefined;
  const [, amount, letter = '', binary, bytes] = match;
  return `${amount}${letter.toUpperCase()}${binary || !bytes ? 'i' : 'B'}`;
}

/** `100Mbit/s`, `1Gbps` → bits per second as a Kubernetes quantity. */
export function parseBandwidth(text: string): string {
  const match = /^(\d+)\s*([kMG])(?:bit\/s|bps|bit)?$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new LiteralError('a bandwidth such as 100Mbit/s or 1Gbit/s');
  return `${match[1]}${match[2]}`;
}

/** `0444`, `0o444` → the mode as a number. */
export function parseMode(text: string): number {
  const match = /^(?:0o?)?([0-7]{3})$/.exec(text);
  if (!match) throw new LiteralError('a mode in octal such as 0444');
  return Number.parseInt(match[1]!, 8);
}

/** A host name; `*.` may stand before it. */
export function parseHost(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)/i.exec(text);
  if (scheme) throw new LiteralError('a host name without https://', { meant: scheme[1]!.toLowerCase() });
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  if (text.length <= 253 && new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(text)) return text;
  const port = /^([^:/]+):\d+$/.exec(text);
  if (port) throw new LiteralError('a host name without a port', { meant: port[1]!.toLowerCase() });
  if (text.includes('/')) throw new LiteralError('a host name; the path has a key of its own: path');
  const meant = text.toLowerCase().replaceAll('_', '-');
  throw new LiteralError('a host name such as shop.example.com', {
    meant: meant !== text && /^[a-z0-9.-]+$/.test(meant) ? meant : undefined,
  });
}

/** A registry and a path in it, without a tag. */
export function parseRegistry(text: string): string {
  const plain = text.replace(/\/+$/, '');
  if (/^[a-z]+:\/\//.test(text)) {
    throw new LiteralError('a registry without https://', { meant: plain.replace(/^[a-z]+:\/\//, '') });
  }
  if (plain.length > 200 || !/^[a-zA-Z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(plain)) {
    throw new LiteralError('a registry such as registry.example.com/team');
  }
  return plain;
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
    throw new LiteralError('an image such as registry.example.com/shop:1.4', { hint: aboutImage(text) });
  }
  return text;
}

function aboutImage(text: string): string | undefined {
  const plain = text.replace(/^[a-z]+:\/\//, '');
  if (plain !== text) return `Leave the scheme out: ${plain}`;
  if (text === '') return undefined;
  if (/\s/.test(text)) return 'There is a space in it.';
  if (/:$/.test(text)) return 'The tag after the colon is missing.';
  if (/[A-Z]/.test(text.split(':')[0] ?? '')) return 'Only the tag may have capital letters.';
  return /[{}$]/.test(text)
    ? 'Nothing is substituted here: write it out, or set it in an environment.'
    : undefined;
}
