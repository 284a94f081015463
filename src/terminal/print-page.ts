import type { Page } from '../problems/pages.ts';
import { type Screen, styleOf } from './style.ts';
import { wrap } from './wrap.ts';

/** Prints the page about a problem. */
export function printPage(code: string, page: Page, screen: Screen): void {
  const style = styleOf(screen);
  const width = Math.min(screen.columns ?? 100, 100);
  const lines = [style.bold(`${code}: ${page.title}`), '', ...wrap(page.why, width, 2), ''];
  lines.push(`  ${style.cyan('What to do')}`, ...page.fix.flatMap((step) => listItem(step, width)));
  for (const [label, text] of [
    ['Wrong', page.wrong],
    ['Right', page.right],
  ] as const) {
    if (text) lines.push('', `  ${style.dim(label)}`, ...text.split('\n').map((line) => `    ${line}`));
  }
  screen.write(`${lines.join('\n')}\n`);
}

function listItem(text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(text, width, 4);
  return [`  - ${first.trimStart()}`, ...rest];
}
