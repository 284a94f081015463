import { createInterface } from 'node:readline';
import type { TestApp } from './app.ts';
import type { RunOptions } from './paas.ts';

/** An event of a run with --json, as a script reads it. */
export interface SeenEvent {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: every type of event has fields of its own.
  readonly [field: string]: any;
}

export interface FollowedRun {
  /** Resolves with the first event that matches, and when it was read. */
  readonly event: (matches: (event: SeenEvent) => boolean) => Promise<{ event: SeenEvent; at: number }>;
  /** Resolves when it has ended. */
  readonly end: Promise<{
    readonly code: number;
    readonly events: readonly SeenEvent[];
    readonly stdout: string;
  }>;
  readonly interrupt: () => void;
}

/** Starts a command with --json and reads its events as they come. */
export function follow(app: TestApp, args: readonly string[], options?: Partial<RunOptions>): FollowedRun {
  const run = app.start([...args, '--json'], options);
  const events: { readonly event: SeenEvent; readonly at: number }[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: run.stdout! }).on('line', (line) => {
    events.push({ event: JSON.parse(line) as SeenEvent, at: performance.now() });
    for (const wake of [...waiting]) wake();
  });
  const end = run.then((result) => ({
    code: result.exitCode ?? -1,
    events: events.map(({ event }) => event),
    stdout: String(result.stdout),
  }));
  return {
    event: (matches) =>
      new Promise((resolve, reject) => {
        const wake = (): void => {
          const found = events.find(({ event }) => matches(event));
          if (!found) return;
          waiting.delete(wake);
          resolve(found);
        };
        waiting.add(wake);
        wake();
        end.then(({ stdout }) => reject(new Error(`It ended without this event:\n${stdout}`)), reject);
      }),
    end,
    interrupt: () => run.kill('SIGINT'),
  };
}

/** Whether an event says a cause: while it is waited, or at the end. */
export function says(code: string): (event: SeenEvent) => boolean {
  return ({ type, cause, problem }) =>
    (type === 'progress' && cause?.code === code) || (type === 'problem' && problem.code === code);
}

/** What an event says of its cause. */
export function wordsOf({ cause, problem }: SeenEvent): string {
  return cause?.message ?? problem?.message ?? '';
}
