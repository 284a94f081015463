import { lineText, position } from '../document/lines.ts';
import type { Place, Problem } from '../problems/problem.ts';

// Why a release failed, kept with it: what people were told then, with the lines of the file that it speaks of, which
// may be others by now.

/** Of more, or longer, nothing more is learnt. */
const most = { problems: 10, details: 20, characters: 500 };

interface StoredProblem extends Omit<Problem, 'at' | 'related' | 'fix'> {
  readonly at?: StoredPlace;
}

interface StoredPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly text: string;
}

/** Problems as they are kept: small, whatever an app wrote. */
export function storeEvidence(problems: readonly Problem[]): StoredProblem[] {
  return problems.slice(0, most.problems).map(({ at, related: _, fix: __, ...problem }) => ({
    ...problem,
    message: problem.message.slice(0, most.characters),
    ...(problem.details && {
      details: problem.details.slice(-most.details).map((line) => line.slice(0, most.characters)),
    }),
    ...(at && { at: storePlace(at) }),
  }));
}

function storePlace(place: Place): StoredPlace {
  const { file, line, column } = position(place);
  const text = lineText(place.source, line).slice(0, most.characters);
  return { file, line, column, length: Math.min(place.end - place.start, text.length), text };
}

/** The same as problems again; their places are in a text that has the one line only. */
export function restoreEvidence(stored: readonly StoredProblem[]): Problem[] {
  return stored.map(({ at, ...problem }) => ({ ...problem, ...(at && { at: restorePlace(at) }) }));
}

function restorePlace({ file, line, column, length, text }: StoredPlace): Place {
  const start = line - 1 + column - 1;
  const source = { path: file, text: `${'\n'.repeat(line - 1)}${text}` };
  return { source, start, end: Math.min(start + length, source.text.length) };
}
