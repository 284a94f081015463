import { LiteralError } from './literal-error.ts';

// How much: of CPU, memory, disk and network.

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

/** Kubernetes' own units, of those that people write; a `B` behind them is left out. */
export const unitFactors: Readonly<Record<string, number>> = {
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
  const bytes = Math.round(amount * unitFactors[unit]!);
  if (bytes < leastMemory) throw new LiteralError(expected, { meant: `${match[1]}${usual}` });
  if (bytes > unitFactors.Pi!) throw new LiteralError(`${expected}, at most 1Pi`);
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
