import { nearest } from '../problems/nearest.ts';
import { LiteralError } from './literal-error.ts';

/** A name of the time zone database, as `Asia/Shanghai`. Kubernetes takes neither offsets nor abbreviations. */
export function parseTimeZone(text: string): string {
  if (text === 'UTC' || (/^[A-Z][A-Za-z_+-]*(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(text) && isKnown(text)))
    return text;
  const zones = Intl.supportedValuesOf('timeZone');
  const plain = text.replaceAll(' ', '_');
  const meant =
    zones.find((zone) => zone.toLowerCase() === plain.toLowerCase()) ??
    zones.find((zone) => zone.toLowerCase().endsWith(`/${plain.toLowerCase()}`)) ??
    nearest(plain, zones);
  throw new LiteralError('a time zone such as Asia/Shanghai or UTC', {
    meant,
    hint: /^([A-Z]{2,4}|[+-]\d.*)$/.test(text)
      ? 'Neither abbreviations nor offsets: they say nothing of summer time.'
      : undefined,
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
