import { LiteralError } from './literal-error.ts';

// Cron expressions as Kubernetes reads them. Source: github.com/robfig/cron/v3, parser.go (ParseStandard).

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'sun mon tue wed thu fri sat'.split(' ');

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'the minute', from: 0, to: 59 },
  { name: 'the hour', from: 0, to: 23 },
  { name: 'the day of the month', from: 1, to: 31 },
  { name: 'the month', from: 1, to: 12, names: months },
  { name: 'the day of the week', from: 0, to: 6, names: weekdays },
];

const example =
  'a cron expression such as "0 3 * * *" (minute, hour, day of the month, month, day of the week)';

/** The expression with one space between its fields. */
export function parseCron(text: string): string {
  const plain = text.trim().replaceAll(/\s+/g, ' ');
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(plain)) return plain;
  if (/^@/.test(plain))
    throw new LiteralError(example, { hint: 'There is @hourly, @daily, @weekly, @monthly, @yearly.' });
  if (/^(CRON_)?TZ=/.test(plain))
    throw new LiteralError(example, { hint: 'The time zone has a key of its own: time_zone.' });
  const parts = plain.split(' ');
  if (parts.length !== fields.length) {
    const hint =
      parts.length === 6
        ? 'Seconds or years are not offered: five fields.'
        : `This has ${parts.length} of five fields.`;
    throw new LiteralError(example, { hint });
  }
  for (const [index, part] of parts.entries()) readField(part, fields[index]!);
  return plain;
}

/** Whether an expression that can be read ever comes true: `0 0 30 2 *` never does. */
export function canFire(expression: string): boolean {
  const parts = expression.split(' ');
  if (parts.length !== fields.length) return true;
  const [, , days, inMonths, onDays] = parts.map((part, index) => readField(part, fields[index]!));
  // With both days given, either one is enough.
  if (onDays!.size < 7) return true;
  const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return [...inMonths!].some((month) => [...days!].some((day) => day <= longest[month - 1]!));
}

function readField(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(part);
    if (!match) throw new LiteralError(example, { hint: `${field.name} can't be ${part || 'empty'}.` });
    const [, start = '', end, step] = match;
    const all = start === '*' || start === '?';
    const from = all ? field.from : readNumber(start, field);
    const to = end !== undefined ? readNumber(end, field) : all || step !== undefined ? field.to : from;
    if (from > to)
      throw new LiteralError(example, { hint: `In ${part}, ${field.name} ends before it begins.` });
    if (step === '0') throw new LiteralError(example, { hint: `A step of 0 never moves on: ${part}.` });
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function readNumber(text: string, field: Field): number {
  const name = field.names?.indexOf(text.toLowerCase()) ?? -1;
  const value = name >= 0 ? name + field.from : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.from && value <= field.to) return value;
  const sunday = field.names === weekdays && value === 7 ? ' Sunday is 0.' : '';
  throw new LiteralError(example, {
    hint: `${field.name} goes from ${field.from} to ${field.to}; this is ${text}.${sunday}`,
  });
}
