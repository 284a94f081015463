import type { Place, Source } from '../problems/problem.ts';

/** A place as people and editors count it: lines and columns from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function position(place: Place): Position {
  const before = place.source.text.slice(0, place.start);
  const line = before.split('\n').length;
  return { file: place.source.path, line, column: before.length - before.lastIndexOf('\n') };
}

/** The text of a line, counted from 1, without its line end. */
export function lineText(source: Source, line: number): string {
  return (source.text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
}
