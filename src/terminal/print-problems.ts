import type { ChalkInstance } from 'chalk';
import type { Problem } from '../problems/problem.ts';
import { frame } from './frame.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { wrapping } from './wrap-screen.ts';

/** Prints problems for people: what happened, where, what to do. */
export function printProblems(problems: readonly Problem[], screen: Screen): void {
  const style = styleOf(screen);
  wrapping(screen).write(problems.map((problem) => formatProblem(problem, style)).join('\n'));
}

function formatProblem(problem: Problem, style: ChalkInstance): string {
  const lines = [
    `${style.red.bold('error')} ${style.bold(printable(problem.message))} ${style.dim(`[${problem.code}]`)}`,
  ];
  if (problem.at) lines.push(...frame(problem.at, style));
  for (const { message, at } of problem.related ?? []) lines.push(`  ${message}`, ...frame(at, style));
  for (const detail of problem.details ?? []) lines.push(`  ${style.dim('|')} ${printable(detail)}`);
  if (problem.hint) lines.push(`  ${style.cyan('hint:')} ${printable(problem.hint)}`);
  return `${lines.join('\n')}\n`;
}
