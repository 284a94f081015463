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

/** One line of a stream (NDJSON). */
export function printJsonLine(body: object, screen: Screen): void {
  screen.write(`${JSON.stringify(body)}\n`);
}

export function eventToJson(event: Event): object {
  if (event.type === 'problem') return { ...event, problem: problemToJson(event.problem) };
  return event.type === 'target' ? { version: jsonVersion, ...event } : event;
}

export function problemToJson(problem: Problem): object {
  const { at, related, fix, ...rest } = problem;
  return {
    ...rest,
    ...(at && { at: placeToJson(at) }),
    ...(related && { related: related.map((one) => ({ message: one.message, at: placeToJson(one.at) })) }),
    ...(fix && { fix: { at: placeToJson(fix.at), text: fix.text } }),
  };
}

function placeToJson(place: Place): object {
  const end = position({ ...place, start: place.end });
  return { ...position(place), end_line: end.line, end_column: end.column };
}
