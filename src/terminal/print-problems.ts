import type { ChalkInstance } from 'chalk';
import type { Failure, Problem } from '../problems/problem.ts';
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
  if (problem.failure) lines.push(...formatFailure(problem.failure, style));
  for (const { message, at } of problem.related ?? []) lines.push(`  ${message}`, ...frame(at, style));
  for (const detail of problem.details ?? []) lines.push(`  ${style.dim('|')} ${printable(detail)}`);
  if (problem.hint) lines.push(`  ${style.cyan('hint:')} ${printable(problem.hint)}`);
  const next = problem.failure?.next;
  if (next) lines.push(`  ${style.cyan('next:')} ${next}`);
  return `${lines.join('\n')}\n`;
}

/** What stands between the line of the file and the program's last words. */
function formatFailure(failure: Failure, style: ChalkInstance): string[] {
  const { change, object, container, waited_for_by: waiting, component } = failure;
  const shows =
    object && `${object}${container && container !== component ? `, container ${container}` : ''}`;
  return [
    ...(change ? [`  ${style.yellow('changed by this release:')} ${printable(change)}`] : []),
    ...(shows ? [`  ${style.dim(`seen at ${printable(shows)}`)}`] : []),
    ...(waiting ? [`  ${waiting.join(' and ')} ${waiting.length === 1 ? 'waits' : 'wait'} for it`] : []),
  ];
}
