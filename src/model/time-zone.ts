import { nearest } from '../problems/nearest.ts';
import { LiteralError } from './literal-error.ts';

/** A name of the time zone database, as `Asia/Shanghai`. Kubernetes takes neither offsets nor abbreviations. */
export function parseTimeZone(text: string): string {
  if (
    text === 'UTC' ||
    (/^[A-Z][A-Za-z_+-]*(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(text) && isKnown(text) && spelled(text) === text)
  )
    return text;
  throw new LiteralError('a time zone such as Asia/Shanghai or UTC', {
    meant: () => nearZone(text.replaceAll(' ', '_')),
    hint: /^([A-Z]{2,4}|[+-]\d.*)$/.test(text)
      ? 'Neither abbreviations nor offsets: they say nothing of summer time.'
      : undefined,
  });
}

let zones: readonly string[] | undefined;

function nearZone(text: string): string | undefined {
  zones ??= Intl.supportedValuesOf('timeZone');
  return (
    zones.find((zone) => zone.toLowerCase() === text.toLowerCase()) ??
    (isKnown(text) ? spelled(text) : undefined) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${text.toLowerCase()}`)) ??
    nearest(text, zones)
  );
}

/**
 * As the time zone database spells a zone that is known: Intl takes `America/New_york`, Kubernetes and its machines don't.
 * Intl lists no other names (`Asia/Kolkata`, `US/Eastern`): of them each word begins with a capital.
 */
function spelled(zone: string): string {
  zones ??= Intl.supportedValuesOf('timeZone');
  if (zones.includes(zone)) return zone;
  const listed = zones.find((one) => one.toLowerCase() === zone.toLowerCase());
  if (listed !== undefined) return listed;
  if (/^etc\/(gmt|utc|uct)/i.test(zone)) return `Etc${zone.slice('Etc'.length).toUpperCase()}`;
  return zone.replaceAll(/[A-Za-z]+/g, (word) => {
    if (['of', 'es', 'au'].includes(word)) return word;
    const rest = /[A-Z]{4}/.test(word) ? word.slice(1).toLowerCase() : word.slice(1);
    return word[0]!.toUpperCase() + rest;
  });
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
