import type { Problem } from '../problems/problem.ts';
import { toGithub } from './annotations.ts';
import type { Screen } from './style.ts';

/** What the log of a CI system can do more than a file: parts that fold, problems at the lines of a file. */
export interface CiLog {
  /** Where everything else is written: nothing of it can be taken for a command to the CI system. */
  readonly screen: Screen;
  /** Begins a part that folds; one that is open ends. */
  readonly open: (title: string) => void;
  /** Ends the part that is open. */
  readonly close: () => void;
  /** Shows a problem beside the line of the file that it comes from. */
  readonly annotate: (problem: Problem) => void;
}

/** Source: GitHub, "Workflow commands for GitHub Actions". `fileOf`: a file as the repository names it. */
export function githubLog(screen: Screen, fileOf: (file: string) => string): CiLog {
  return makeLog(withoutCommands(screen), {
    begin: (title) => screen.write(`::group::${title}\n`),
    end: () => screen.write('::endgroup::\n'),
    annotate: (problem) => screen.write(toGithub([problem], fileOf)),
  });
}

/** Source: GitLab, "Job logs", custom collapsible sections. `now` in milliseconds. */
export function gitlabLog(screen: Screen, now: () => number): CiLog {
  let count = 0;
  const at = (): number => Math.floor(now() / 1000);
  // Its commands begin with an escape character, which no text of others that is written here has.
  return makeLog(screen, {
    begin: (title) =>
      screen.write(`\u001b[0Ksection_start:${at()}:paas_${++count}[collapsed=true]\r\u001b[0K${title}\n`),
    end: () => screen.write(`\u001b[0Ksection_end:${at()}:paas_${count}\r\u001b[0K\n`),
    annotate: () => {},
  });
}

interface Marks {
  readonly begin: (title: string) => void;
  readonly end: () => void;
  readonly annotate: (problem: Problem) => void;
}

function makeLog(screen: Screen, { begin, end, annotate }: Marks): CiLog {
  let isOpen = false;
  const close = (): void => {
    if (isOpen) end();
    isOpen = false;
  };
  return {
    screen,
    open: (title) => {
      close();
      begin(title.replaceAll(/\s+/g, ' '));
      isOpen = true;
    },
    close,
    annotate,
  };
}

/** A line that begins with `::`, or has `##[` in it, would be a command. Source: actions/runner, ActionCommand.cs. */
function withoutCommands(screen: Screen): Screen {
  return {
    isTTY: false,
    columns: screen.columns ?? 80,
    write: (text) => screen.write(harmless(text)),
  };
}

/** A text of which the log of GitHub Actions obeys nothing. */
export function harmless(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}
