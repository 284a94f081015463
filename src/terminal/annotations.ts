import { position } from '../document/lines.ts';
import type { Problem } from '../problems/problem.ts';
import { printable } from './printable.ts';

/**
 * Problems as GitHub Actions shows them beside the lines of a pull request. Source: "Workflow commands". `fileOf`: a
 * file as the repository names it.
 */
export function toGithub(
  problems: readonly Problem[],
  fileOf: (file: string) => string = (file) => file,
): string {
  return problems
    .map((problem) => `::error ${githubPlace(problem, fileOf)}::${escapeData(textOf(problem))}\n`)
    .join('');
}

function githubPlace({ at, code }: Problem, fileOf: (file: string) => string): string {
  const properties: [string, string | number][] = [['title', code]];
  if (at) {
    const { file, line, column } = position(at);
    const end = position({ ...at, start: at.end });
    properties.unshift(['file', fileOf(file)], ['line', line], ['endLine', end.line], ['col', column]);
    // Columns of two lines can't be put into one order.
    if (end.line === line) properties.push(['endColumn', end.column]);
  }
  return properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Problems as a GitLab Code Quality report. Source: GitLab, "Code Quality", report format. */
export function toGitlab(problems: readonly Problem[], file: string): string {
  const report = problems.map((problem) => {
    const { line, file: path } = problem.at ? position(problem.at) : { line: 1, file };
    return {
      description: textOf(problem),
      check_name: problem.code,
      fingerprint: `${problem.code} ${path} ${problem.message}`,
      severity: 'blocker',
      location: { path, lines: { begin: line } },
    };
  });
  return `${JSON.stringify(report, null, 2)}\n`;
}

function textOf({ message, hint }: Problem): string {
  return printable(hint ? `${message}\n${hint}` : message);
}
