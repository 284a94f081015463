import type { ChalkInstance } from 'chalk';
import { block } from '../document/block.ts';
import { flow } from '../document/flow.ts';
import type { KeyDescription } from '../model/describe-key.ts';
import { type Screen, styleOf } from './style.ts';
import { wrap } from './wrap.ts';

/** Prints what is to be known of keys of the language. */
export function printKeys(keys: readonly KeyDescription[], screen: Screen): void {
  const style = styleOf(screen);
  const width = Math.min(screen.columns ?? 100, 100);
  screen.write(keys.map((key) => formatKey(key, style, width)).join('\n'));
}

function formatKey(key: KeyDescription, style: ChalkInstance, width: number): string {
  const name = key.path.split('.').at(-1)!;
  const range = [key.range?.minimum, key.range?.maximum];
  const facts: [string, string | undefined][] = [
    ['type', key.type],
    ['values', key.values?.join(', ')],
    ['range', key.range && range.map((end) => end ?? '…').join(' to ')],
    ['default', key.default === undefined ? undefined : flow(key.default)],
    ['needed', key.required ? 'yes' : undefined],
    ['instead of', key.instead.join(', ')],
    ['also at', key.alsoAt.join(', ')],
    ['not yet', key.notYet && `paas can't do it yet: ${key.notYet}`],
  ];
  const lines = [style.bold(key.path), ...wrap(key.description, width, 2), ''];
  for (const [label, text] of facts) {
    if (!text) continue;
    const [first = '', ...rest] = wrap(text, width, 14);
    lines.push(`  ${style.dim(label.padEnd(11))} ${first.trimStart()}`, ...rest);
  }
  if (key.keys.length > 0) {
    const widest = Math.max(...key.keys.map((one) => one.name.length));
    lines.push('', `  ${style.dim('keys')}`);
    for (const one of key.keys) {
      const [first = '', ...rest] = wrap(one.description, width, widest + 6);
      lines.push(`    ${one.name.padEnd(widest)}  ${first.trimStart()}`.trimEnd(), ...rest);
    }
  }
  if (key.examples.length > 0) {
    lines.push('', `  ${style.dim(key.examples.length > 1 ? 'examples' : 'example')}`);
    for (const example of key.examples) {
      lines.push(
        ...formatExample(name === '*' ? example : { [name]: example }, width - 4).map(
          (line) => `    ${line}`,
        ),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** On one line where it is short, as people write it; else in lines. */
function formatExample(example: unknown, width: number): string[] {
  const braces = typeof example === 'object' && !Array.isArray(example);
  const line = braces ? flow(example).slice(1, -1) : flow(example);
  return line.length <= Math.min(width, 64) ? [line] : block(example).split('\n');
}
