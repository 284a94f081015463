import { nearest } from '../problems/nearest.ts';
import { LiteralError } from './literal-error.ts';

/** A name of the time zone database, as `Asia/Shanghai`. Kubernetes takes neither offsets nor abbreviations. */
export function parseTimeZone(text: string): string {
  if (text === 'UTC' || (/^[A-Z][A-Za-z_+-]*(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(text) && isKnown(text)))
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
    zones.find((zone) => zone.toLowerCase().endsWith(`/${text.toLowerCase()}`)) ??
    nearest(text, zones)
  );
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
