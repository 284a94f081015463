import { position } from '../document/lines.ts';
import type { Variable, Variables } from '../observe/variables.ts';
import type { Place } from '../problems/problem.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** A variable, and where the file says it. */
export interface ShownVariable extends Variable {
  readonly from: { readonly key: string; readonly at: Place } | undefined;
}

const differences = {
  changed: 'the file says another by now',
  added: 'in the file, not deployed yet',
  removed: 'no longer in the file',
} as const;
/** Columns; a longer value is cut where there is a terminal. */
const widest = 60;

/** The variables of a component, for a person. */
export function printVariables(
  component: string,
  { release }: Pick<Variables, 'release'>,
  variables: readonly ShownVariable[],
  screen: Screen,
): void {
  const style = styleOf(screen);
  const about = release === undefined ? 'not deployed yet: as the file says them' : `of release ${release}`;
  screen.write(`${style.bold(component)}, ${about}\n`);
  if (variables.length === 0) screen.write('It gets no variables.\n');
  const rows = variables.map((one) => [one, shown(one, screen)] as const);
  const names = Math.max(...rows.map(([{ name }]) => name.length));
  const values = Math.min(widest, Math.max(...rows.map(([, value]) => value.length)));
  for (const [{ name, from, next }, value] of rows) {
    const difference = next === 'same' ? '' : ` ${style.yellow(`! ${differences[next]}`)}`;
    screen.write(`${name.padEnd(names)}  ${value.padEnd(values)}  ${style.dim(source(from))}${difference}\n`);
  }
}

function shown({ value, secret }: Variable, screen: Screen): string {
  if (secret)
    return `••• secret ${secret.name}${secret.version === null ? '' : `, version ${secret.version}`}`;
  const text = printable((value ?? '').replaceAll('\n', '\\n'));
  return screen.isTTY && text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function source(from: ShownVariable['from']): string {
  if (!from) return 'not in the file';
  const { file, line } = position(from.at);
  return `${file}:${line} ${from.key}`;
}

/** The same as plain data. */
export function variablesAsJson(variables: readonly ShownVariable[]): object[] {
  return variables.map(({ from, ...rest }) => ({
    ...rest,
    from: from ? { key: from.key, ...position(from.at) } : null,
  }));
}
