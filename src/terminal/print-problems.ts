import type { ChalkInstance } from 'chalk';
import { lineText, position } from '../document/lines.ts';
import type { Place, Problem } from '../problems/problem.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** Prints problems for people: what happened, where, what to do. */
export function printProblems(problems: readonly Problem[], screen: Screen): void {
  const style = styleOf(screen);
  screen.write(problems.map((problem) => formatProblem(problem, style)).join('\n'));
}

function formatProblem(problem: Problem, style: ChalkInstance): string {
  const lines = [
    `${style.red.bold('error')} ${style.bold(problem.message)} ${style.dim(`[${problem.code}]`)}`,
  ];
  if (problem.at) lines.push(...frame(problem.at, style));
  for (const { message, at } of problem.related ?? []) lines.push(`  ${message}`, ...frame(at, style));
  for (const detail of problem.details ?? []) lines.push(`  ${style.dim('|')} ${printable(detail)}`);
  if (problem.hint) lines.push(`  ${style.cyan('hint:')} ${problem.hint}`);
  return `${lines.join('\n')}\n`;
}

/** The line of a place, with carets under it. */
function frame(at: Place, style: ChalkInstance): string[] {
  const { file, line, column } = position(at);
  const number = String(line);
  const blank = ' '.repeat(number.length);
  const text = lineText(at.source, line);
  const length = Math.max(1, Math.min(at.end - at.start, text.length - column + 1));
  const indent = text.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  return [
    style.dim(`${blank} --> ${file}:${line}:${column}`),
    `${style.dim(`${number} |`)} ${printable(text)}`,
    `${style.dim(`${blank} |`)} ${indent}${style.red('^'.repeat(length))}`,
  ];
}
