/**
 * Seconds as Go, the Gateway API and Prometheus all read them: `1h30m`, `5s`, `250ms`; at least a millisecond.
 * Sources: Go's time.ParseDuration; Gateway API, GEP-2257; prometheus-operator, type Duration.
 */
export function durationText(seconds: number): string {
  const milliseconds = Math.max(1, Math.round(seconds * 1000));
  const parts: readonly [string, number][] = [
    ['h', Math.floor(milliseconds / 3_600_000)],
    ['m', Math.floor(milliseconds / 60_000) % 60],
    ['s', Math.floor(milliseconds / 1000) % 60],
    ['ms', milliseconds % 1000],
  ];
  return parts.map(([unit, count]) => (count > 0 ? `${count}${unit}` : '')).join('');
}
