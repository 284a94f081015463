import { appendFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Event } from '../events.ts';
import type { CiLog } from '../terminal/ci-log.ts';

/** A run that a CI system shows. */
export interface CiRun {
  readonly log: CiLog;
  readonly note: (event: Event) => void;
  /** Ends what is open in the log, and writes the page of the run where the system has one. */
  readonly end: () => void;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** By the variables that only these systems set; undefined elsewhere. */
export async function ciRun(env: Variables, cwd: string): Promise<CiRun | undefined> {
  if (env.GITHUB_ACTIONS === 'true') {
    const [{ githubLog }, { makeSummary }] = await Promise.all([
      import('../terminal/ci-log.ts'),
      import('../terminal/summary.ts'),
    ]);
    const { GITHUB_WORKSPACE: workspace } = env;
    const fileOf = (file: string): string => (workspace ? relative(workspace, resolve(cwd, file)) : file);
    const log = githubLog(process.stderr, fileOf);
    const summary = makeSummary();
    return {
      log,
      note: summary.note,
      end: () => {
        log.close();
        const page = summary.toMarkdown();
        if (env.GITHUB_STEP_SUMMARY && page) writePage(env.GITHUB_STEP_SUMMARY, page);
      },
    };
  }
  if (env.GITLAB_CI === 'true') {
    const { gitlabLog } = await import('../terminal/ci-log.ts');
    const log = gitlabLog(process.stderr, Date.now);
    return { log, note: () => {}, end: log.close };
  }
  return undefined;
}

/** What can't be shown is no reason to fail. */
function writePage(path: string, page: string): void {
  try {
    appendFileSync(path, `${page}\n`);
  } catch (error) {
    process.stderr.write(`The job summary can't be written: ${(error as Error).message}\n`);
  }
}
