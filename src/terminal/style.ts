import { Chalk, type ChalkInstance } from 'chalk';

/** What of a stream decides how it is written to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
  write(text: string): unknown;
}

/** Colours where the stream shows them: a terminal, and neither NO_COLOR nor a pipe. */
export function styleOf(screen: Screen): ChalkInstance {
  return new Chalk({ level: screen.isTTY && screen.hasColors?.() ? 1 : 0 });
}
