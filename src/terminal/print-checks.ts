import type { TargetEvent } from '../events.ts';
import type { Check } from '../observe/doctor/check.ts';
import { printProblems } from './print-problems.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';
import { wrapping } from './wrap-screen.ts';

/** What was looked at, a line each; then the problems in full. */
export function printChecks(target: TargetEvent, checks: readonly Check[], screen: Screen): void {
  const style = styleOf(screen);
  const marks = { ok: style.green('✓'), problem: style.red('✗'), not_checked: style.yellow('?') };
  const width = Math.max(...checks.map(({ check }) => check.length));
  const rows = checks.map(({ check, state, message, problems = [] }) => {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    const words = state === 'not_checked' ? `not checked: ${message}` : `${message}${more}`;
    return `  ${marks[state]} ${check.padEnd(width)}  ${printable(words)}`;
  });
  const { app, environment, cluster, namespace } = target;
  const head = `${style.bold(app)} in ${style.bold(environment)}, cluster ${cluster}, namespace ${namespace}`;
  wrapping(screen).write(`${[head, ...rows].join('\n')}\n`);
  const problems = checks.flatMap((check) => check.problems ?? []);
  if (problems.length === 0) return;
  screen.write('\n');
  printProblems(problems, screen);
}
