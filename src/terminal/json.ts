import { position } from '../document/lines.ts';
import type { Event } from '../events.ts';
import type { Place, Problem } from '../problems/problem.ts';
import type { Screen } from './style.ts';

/** The version of everything that --json prints. Fields are added to it, never changed or removed. */
export const jsonVersion = 1;

/** One document: the answer of a command that answers once. */
export function printJson(body: object, screen: Screen): void {
  screen.write(`${JSON.stringify({ version: jsonVersion, ...body }, null, 2)}\n`);
}

/** One line of a stream (NDJSON). What some readers take for the end of a line, such as Node.js', is escaped. */
export function printJsonLine(body: object, screen: Screen): void {
  const line = JSON.stringify(body).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  screen.write(`${line}\n`);
}

/** A problem as JSON: its places by line and column. */
export interface JsonProblem extends Omit<Problem, 'at' | 'related' | 'fix'> {
  readonly at?: JsonPlace;
  readonly related?: readonly { readonly message: string; readonly at: JsonPlace }[];
  readonly fix?: { readonly at: JsonPlace; readonly text: string };
}

/** Lines and columns from 1; the end is behind the last character. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

/** An event as --json prints it. schemas/events.schema.json describes it. */
export type JsonEvent =
  | Exclude<Event, { readonly type: 'problem' }>
  | { readonly type: 'problem'; readonly problem: JsonProblem };

export function eventToJson(event: Event): JsonEvent {
  return event.type === 'problem' ? { ...event, problem: problemToJson(event.problem) } : event;
}

/** Prints events, a line each; the first says the version. */
export function jsonEventPrinter(screen: Screen): (event: Event) => void {
  let first = true;
  return (event) => {
    printJsonLine(first ? { version: jsonVersion, ...eventToJson(event) } : eventToJson(event), screen);
    first = false;
  };
}

export function problemToJson(problem: Problem): JsonProblem {
  const { at, related, fix, ...rest } = problem;
  return {
    ...rest,
    ...(at && { at: placeToJson(at) }),
    ...(related && { related: related.map((one) => ({ message: one.message, at: placeToJson(one.at) })) }),
    ...(fix && { fix: { at: placeToJson(fix.at), text: fix.text } }),
  };
}

function placeToJson(place: Place): JsonPlace {
  const { file, line, column } = position(place);
  const end = position({ ...place, start: place.end });
  return { file, line, column, end_line: end.line, end_column: end.column };
}
