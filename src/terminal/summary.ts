import { position } from '../document/lines.ts';
import type { ChangeSummary, Event, TargetEvent } from '../events.ts';
import type { Problem } from '../problems/problem.ts';
import { formatEnd } from './format-event.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** What is shown of a run in the end: told by its events. */
export interface Summary {
  readonly note: (event: Event) => void;
  /** As Markdown; undefined where nothing happened that is worth a page. */
  readonly toMarkdown: () => string | undefined;
}

/** More rows than this nobody reads. */
const mostRows = 50;

const plain: Screen = { write: () => {} };

/** Gathers the page that CI systems show of a run: what changed, how it ended, and why. */
export function makeSummary(): Summary {
  let target: TargetEvent | undefined;
  let changes: readonly ChangeSummary[] = [];
  let end: (Event & { type: 'end' }) | undefined;
  const problems: Problem[] = [];
  return {
    note: (event) => {
      if (event.type === 'target') target = event;
      // Those of a rollback aren't what was asked for.
      if (event.type === 'changes' && problems.length === 0) changes = event.changes;
      if (event.type === 'problem') problems.push(event.problem);
      if (event.type === 'end') end = event;
    },
    toMarkdown: () => {
      if (!target && problems.length === 0) return undefined;
      const parts = [heading(target), outcome(end, target), ...problems.map(card), table(changes)];
      return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
    },
  };
}

function heading(target: TargetEvent | undefined): string {
  if (!target) return '### paas';
  const { app, environment, cluster, namespace } = target;
  return `### ${shown(app)} in ${shown(environment)}\n\nCluster ${code(cluster)}, namespace ${code(namespace)}`;
}

function outcome(end: (Event & { type: 'end' }) | undefined, target: TargetEvent | undefined): string {
  const lines = end ? formatEnd(end, target, styleOf(plain)) : undefined;
  return (lines ?? '').split('\n').map(shown).join('<br>');
}

function card({ message, code: cause, at, details, hint }: Problem): string {
  const place = at && position(at);
  const where = place ? ` at ${code(`${place.file}:${place.line}:${place.column}`)}` : '';
  const lines = [`**${shown(message)}** ${code(cause)}${where}`];
  if (details && details.length > 0) lines.push(fenced(details.map(printable).join('\n')));
  if (hint) lines.push(shown(hint));
  return lines.join('\n\n');
}

function table(changes: readonly ChangeSummary[]): string {
  if (changes.length === 0) return '';
  const rows = changes
    .slice(0, mostRows)
    .map(({ action, object, detail = '' }) => `| ${action} | ${code(object)} | ${shown(detail)} |`);
  const left = changes.length - rows.length;
  return [
    '| | what changes | |',
    '|---|---|---|',
    ...rows,
    ...(left > 0 ? [`| | and ${left} more | |`] : []),
  ].join('\n');
}

/** A text of others that is shown as it is. */
function shown(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#!~@]/g, (sign) => `&#${sign.codePointAt(0)};`)
    .replaceAll(/\s*\n\s*/g, ' ');
}

function code(text: string): string {
  return `<code>${shown(text)}</code>`;
}

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
