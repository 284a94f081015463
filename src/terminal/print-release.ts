import type { TargetEvent } from '../events.ts';
import type { ListedRelease } from '../observe/releases.ts';
import type { Problem } from '../problems/problem.ts';
import { ago } from './ago.ts';
import { printProblems } from './print-problems.ts';
import { describeOutcome } from './print-releases.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

type Summary = Omit<ListedRelease, 'live' | 'changed' | 'images'>;

export interface ReleaseDetails {
  readonly images: Readonly<Record<string, string>>;
  readonly config: readonly string[];
  readonly instances: readonly {
    readonly component: string;
    readonly replicas: number;
    readonly autoscaler?: { readonly min: number; readonly max: number };
  }[];
}

/** A release, for a person. */
export function printRelease(
  target: TargetEvent,
  summary: Summary,
  { images, config, instances }: ReleaseDetails,
  now: number,
  screen: Screen,
): void {
  const style = styleOf(screen);
  const lines = [
    `${style.bold(`release ${summary.number}`)} of ${target.app} in ${target.environment}: ${describeOutcome(summary)}`,
    `  ${summary.at} (${ago(now - Date.parse(summary.at))}) by ${printable(summary.by)}, paas ${summary.tool}`,
  ];
  if (summary.git) {
    lines.push(`  git ${summary.git.revision}${summary.git.dirty ? ', with changes not committed' : ''}`);
  }
  if (summary.rollback_of !== undefined) lines.push(`  ${describeRollback(summary)}`);
  if (summary.ran_jobs) lines.push('  jobs ran before it');
  if (summary.cause) {
    lines.push(
      `  ${style.red(printable(summary.cause.message))} ${style.dim(`[${summary.cause.code}]`)}`,
      `  ${style.dim(`more: paas why ${summary.number}`)}`,
    );
  }
  const numbers = new Map(instances.map((one) => [one.component, numberOf(one)]));
  const components = Object.entries(images).map(
    ([name, image]) => [name, `${image}${numbers.has(name) ? `, ${numbers.get(name)}` : ''}`] as const,
  );
  const secrets = Object.entries(summary.secrets ?? {}).map(
    ([name, version]) => [name, `version ${version}`] as const,
  );
  lines.push(...section('components', components, style.dim));
  lines.push(...section('secrets', secrets, style.dim));
  lines.push(
    ...section(
      'config',
      config.map((name) => [name, ''] as const),
      style.dim,
    ),
  );
  screen.write(`${lines.join('\n')}\n`);
}

function numberOf({ replicas, autoscaler }: ReleaseDetails['instances'][number]): string {
  if (autoscaler) return `${autoscaler.min}–${autoscaler.max} instances`;
  return `${replicas} ${replicas === 1 ? 'instance' : 'instances'}`;
}

function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  dim: (text: string) => string,
): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    '',
    dim(title),
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${printable(text)}`.trimEnd()),
  ];
}

function describeRollback({ rollback_of: of, rollback_to: to, only, automatic }: Summary): string {
  const what = only === undefined ? `release ${to}` : `the ${only} of release ${to}`;
  return `it brings back ${what}${automatic ? `, by itself, because release ${of} failed` : `; release ${of} was live`}`;
}

/** Why a release failed, for a person. */
export function printWhy(summary: Summary, problems: readonly Problem[], now: number, screen: Screen): void {
  const style = styleOf(screen);
  const when = `${ago(now - Date.parse(summary.at))} by ${printable(summary.by)}`;
  screen.write(`${style.bold(`release ${summary.number}`)} ${describeOutcome(summary)}, ${when}\n`);
  if (summary.outcome === 'succeeded') screen.write('It became ready: there is nothing to say why.\n');
  else if (problems.length > 0) screen.write('\n');
  else screen.write('Nobody noted why: it was interrupted.\n');
  if (summary.outcome !== 'succeeded' && problems.length > 0) printProblems(problems, screen);
}
