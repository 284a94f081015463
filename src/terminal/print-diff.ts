import type { ChangeAction, TargetEvent } from '../events.ts';
import type { DescribedDrift, DiffReport } from '../observe/diff.ts';
import { ago } from './ago.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

const signs = { create: '+', update: '~', delete: '-' } as const;

/** What a deploy would change, and what others changed, for a person. */
export function printDiff(target: TargetEvent, report: DiffReport, now: number, screen: Screen): void {
  const style = styleOf(screen);
  const colours = { create: style.green, update: style.yellow, delete: style.red };
  const lines = [
    `${style.bold(target.app)} in ${style.bold(target.environment)}, cluster ${target.cluster}, namespace ${target.namespace}`,
    ...aboutRelease(report, now),
  ];
  const byObject = Map.groupBy(report.file, ({ object }) => object);
  if (byObject.size > 0) lines.push('', style.bold('The file changes'));
  for (const [object, own] of byObject) {
    const { action } = own[0]!;
    lines.push(`  ${colours[action](`${signs[action]} ${object}`)}`);
    if (action === 'update') lines.push(...own.map(({ words }) => `      ${printable(words)}`));
  }
  const drifted = Map.groupBy(report.drift, ({ object }) => object);
  if (drifted.size > 0) lines.push('', style.bold('In the cluster since then'));
  for (const [object, own] of drifted) {
    lines.push(`  ${object}`);
    for (const one of own) {
      const colour = one.fate === 'kept' ? style.dim : one.fate === 'refused' ? style.red : style.yellow;
      lines.push(`      ${printable(one.words)}${who(one, now)}: ${colour(one.outcome)}`);
    }
  }
  lines.push('', report.pending ? `A deploy ${sumUp(report)}.` : endOf(report));
  screen.write(`${lines.join('\n')}\n`);
}

function aboutRelease({ release, tool }: DiffReport, now: number): string[] {
  if (!release) return ['Not deployed yet.'];
  const lines = [`Against release ${release.number}, ${ago(now - Date.parse(release.at))} by ${release.by}`];
  if (release.outcome !== 'succeeded') {
    const how = release.outcome === 'pending' ? 'is under way or was interrupted' : release.outcome;
    lines.push(`  It ${how === release.outcome && how !== 'failed' ? `was ${how}` : how}.`);
  }
  if (tool) {
    const version = `It was made by paas ${tool.from}, this is ${tool.to}`;
    lines.push(
      tool.onlyTool
        ? `  ${version}: your files are the same, what they change comes from paas itself.`
        : `  ${version}: some of it may come from that.`,
    );
  }
  return lines;
}

function who({ by, time }: DescribedDrift, now: number): string {
  if (by === undefined) return '';
  return `, by ${printable(by)}${time ? ` ${ago(now - Date.parse(time))}` : ''}`;
}

function sumUp({ changes }: DiffReport): string {
  const verbs: Record<ChangeAction, string> = {
    create: 'makes',
    update: 'changes',
    recreate: 'deletes and makes again',
    scale: 'scales',
    delete: 'removes',
  };
  const parts = (Object.keys(verbs) as ChangeAction[]).flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${verbs[action]} ${count} ${count === 1 ? 'object' : 'objects'}`];
  });
  return parts.join(', ');
}

function endOf({ release }: DiffReport): string {
  const failed = release && release.outcome !== 'succeeded';
  return failed ? 'Nothing to change; a deploy waits for it once more.' : 'Nothing to change.';
}

/** The same for a comment on a pull request. */
export function diffToMarkdown(target: TargetEvent, report: DiffReport, now: number): string {
  const title = `### paas diff: ${target.app} in ${target.environment}`;
  const where = `Cluster \`${target.cluster}\`, namespace \`${target.namespace}\`. ${aboutRelease(report, now)
    .map((line) => line.trim())
    .join('. ')}`;
  const file = report.file.map(({ action, object, words }) =>
    row(signs[action], object, action === 'update' ? words : action === 'create' ? 'new' : 'removed'),
  );
  const drift = report.drift.map((one) => row('', one.object, `${one.words}${who(one, now)}`, one.outcome));
  const blocks = [
    title,
    where,
    ...(file.length > 0 ? [['| | object | the file changes |', '|---|---|---|', ...file].join('\n')] : []),
    ...(drift.length > 0
      ? [['| | object | in the cluster since then | |', '|---|---|---|---|', ...drift].join('\n')]
      : []),
    report.pending ? `A deploy ${sumUp(report)}.` : endOf(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => printable(cell).replaceAll('|', '\\|').replaceAll('`', "'")).join(' | ')} |`;
}
