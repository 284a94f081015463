import { position } from '../document/lines.ts';
import type { Place } from '../problems/problem.ts';
import type { ExplainedValue } from '../provenance/explain-object.ts';
import type { Origin } from '../provenance/trace.ts';
import { frame } from './frame.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** Where the values of a rendered object come from: one in detail, several in a table. */
export function printValues(object: string, values: readonly ExplainedValue[], screen: Screen): void {
  const style = styleOf(screen);
  const [first] = values;
  if (values.length === 1 && first) {
    screen.write(`${oneValue(object, first, screen).join('\n')}\n`);
    return;
  }
  const rows = values.map((value) => [value.field, shown(value.value), inShort(value)] as const);
  screen.write(`${style.bold(object)}\n`);
  const [fields, shownValues, sources] = [0, 1, 2].map((column) =>
    Math.min(60, Math.max(...rows.map((row) => row[column]!.length))),
  ) as [number, number, number];
  const fits = fields + shownValues + sources + 4 <= (screen.columns ?? Number.POSITIVE_INFINITY);
  for (const [field, value, from] of rows) {
    if (fits) screen.write(`${field.padEnd(fields)}  ${value.padEnd(shownValues)}  ${style.dim(from)}\n`);
    else screen.write(`${field}\n  ${value}  ${style.dim(from)}\n`);
  }
}

function oneValue(object: string, value: ExplainedValue, screen: Screen): string[] {
  const style = styleOf(screen);
  const [origin, ...others] = value.origins;
  const lines = [
    `${style.bold(`${object} ${value.field}`)} = ${shown(value.value)}`,
    '',
    ...fromOrigin(origin, screen),
  ];
  const telling = others.filter(({ kind }) => kind !== 'default').slice(0, 5);
  if (telling.length > 0) {
    lines.push(`  It depends on ${telling.map((one) => `${one.key}${where(one.at)}`).join(', ')} too.`);
  }
  lines.push(
    '',
    value.by
      ? `  Written by ${value.by.feature}${where(value.by.at)}.`
      : '  No template says it: paas itself adds it.',
  );
  for (const one of value.instead)
    lines.push(`  It takes the place of what ${one.feature} says${where(one.at)}.`);
  return lines;
}

function fromOrigin(origin: Origin | undefined, screen: Screen): string[] {
  if (!origin) return ['  It is always so; nothing in paas.yaml changes it.'];
  const style = styleOf(screen);
  switch (origin.kind) {
    case 'said':
      return [
        `  It comes from ${origin.key}:`,
        ...(origin.at ? frame(origin.at, style).map((line) => `  ${line}`) : []),
      ];
    case 'default':
      return [`  It is the default: ${origin.key} is not said (${origin.text}).`];
    case 'input':
      return [`  It comes from ${origin.key}.`];
  }
}

function inShort({ origins, by }: ExplainedValue): string {
  const [origin] = origins;
  if (!origin) return by ? `always, ${by.feature}` : 'always';
  if (origin.kind === 'said' && origin.at) {
    const { file, line, column } = position(origin.at);
    return `${file}:${line}:${column} ${origin.key}`;
  }
  return `${origin.kind === 'default' ? 'default of ' : ''}${origin.key}`;
}

function where(at: Place | undefined): string {
  if (!at) return '';
  const { file, line, column } = position(at);
  return ` (${file}:${line}:${column})`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = printable(text).replaceAll('\n', '\\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** The same as plain data. */
export function valuesAsJson(values: readonly ExplainedValue[]): object[] {
  return values.map(({ field, value, by, instead, origins }) => ({
    field,
    value,
    ...(by && { by: { feature: by.feature, at: position(by.at) } }),
    instead: instead.map(({ feature, at }) => ({ feature, at: position(at) })),
    origins: origins.map(({ kind, key, at, text }) => ({ kind, key, text, ...(at && { at: position(at) }) })),
  }));
}
