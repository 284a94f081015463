import { parseCron } from './cron.ts';
import { LiteralError } from './literal-error.ts';
import { parseHost, parseImage, parseRegistry } from './references.ts';
import { parseBandwidth, parseCpu, parseMemory, parseSize } from './sizes.ts';
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

/** Every `x-type`. */
export const literalTypes: readonly string[] = Object.keys(literals);

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

/** `0444`, `0o444` → the mode as a number. */
export function parseMode(text: string): number {
  const match = /^(?:0o?)?([0-7]{3})$/.exec(text);
  if (!match) throw new LiteralError('a mode in octal such as 0444');
  return Number.parseInt(match[1]!, 8);
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
