/** A length of time in milliseconds, roughly. */
export function ago(milliseconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  const [unit, length] = units.find(([, size]) => milliseconds >= size) ?? ['', 0];
  if (!unit) return 'just now';
  const count = Math.floor(milliseconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
