import type { LogNotice } from '../observe/log-notice.ts';
import type { LogLine } from '../observe/read-log.ts';
import { printJsonLine } from './json.ts';
import { printable } from './printable.ts';
import { type Screen, styleOf } from './style.ts';

/** Prints log lines as they come, each behind its instance, and gives their number. */
export async function printLog(
  lines: AsyncIterable<LogLine>,
  json: boolean,
  screen: Screen,
): Promise<number> {
  const style = styleOf(screen);
  const colours = [style.cyan, style.magenta, style.yellow, style.green, style.blue];
  const instances: string[] = [];
  let count = 0;
  for await (const line of lines) {
    count++;
    if (json) {
      printJsonLine(line, screen);
      continue;
    }
    if (!instances.includes(line.instance)) instances.push(line.instance);
    const colour = colours[instances.indexOf(line.instance) % colours.length]!;
    // On a terminal a program's log may not steer it; in a pipe it arrives as it was written.
    screen.write(`${colour(line.instance)} ${screen.isTTY ? printable(line.line) : line.line}\n`);
  }
  return count;
}

/** What is told beside the lines, for a person. */
export function formatNotice(notice: LogNotice): string {
  switch (notice.type) {
    case 'unreadable':
      return `${notice.instance}: its log can't be read: ${printable(notice.reason)}`;
    case 'cluster_silent':
      return "The cluster's API doesn't answer; this is waited out.";
    case 'cluster_back':
      return `The cluster's API answers again, after ${notice.seconds} s.`;
  }
}
