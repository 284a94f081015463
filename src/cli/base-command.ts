import { Command, Flags } from '@oclif/core';
import type { Event, TargetEvent } from '../events.ts';
import { PaasError, type Problem } from '../problems/problem.ts';
import { internalError, interruptedRun } from '../problems/usage.ts';
import { type CiRun, ciRun } from './ci-run.ts';
import { commandWords } from './command-words.ts';
import { exitCodeOf, exitCodeOfEnd, exitCodes } from './exit-codes.ts';
import { interruptCode, interrupted } from './interrupt.ts';
import { usageProblem } from './usage-problem.ts';

/** What every command has: --json, one way to report, and an exit code that says how it went. */
export abstract class PaasCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'print JSON, for scripts' }),
  };

  protected get json(): boolean {
    // What stands behind -- is another program's.
    return commandWords(this.argv).own.includes('--json');
  }

  /** Aborted when the run is to end early. */
  protected get signal(): AbortSignal {
    return interrupted;
  }

  /** Shows the events of a long action, and ends with the exit code that they come to. */
  protected async report(events: AsyncIterable<Event>): Promise<void> {
    this.signal.addEventListener('abort', () => {
      this.pause();
      process.stderr.write('\nStopping: what was begun is put in order (once more to stop at once) …\n');
    });
    this.began = performance.now();
    this.ci = this.json ? undefined : await ciRun(process.env, process.cwd());
    this.print = this.json ? await this.jsonPrinter() : await this.textPrinter();
    const problems: Problem[] = [];
    let code: number | undefined;
    for await (const event of events) {
      this.print(event);
      this.ci?.note(event);
      if (event.type === 'problem') problems.push(event.problem);
      if (event.type === 'end') code = exitCodeOfEnd(event.outcome);
    }
    this.ci?.end();
    this.exitWith(code ?? exitCodeOf(problems));
  }

  /** Says where a change happens, before it is made; with --json that stands in the answer. */
  protected async announce(target: TargetEvent): Promise<void> {
    if (this.json) return;
    (await this.textPrinter())(target);
  }

  /** Shows the events of a long action. */
  private print: ((event: Event) => void) | undefined;
  private ci: CiRun | undefined;

  /** When a long action began; undefined for commands that answer once. */
  private began: number | undefined;

  /** Takes what moves off the screen before something else is written. */
  protected pause: () => void = () => {};

  private async jsonPrinter(): Promise<(event: Event) => void> {
    const { jsonEventPrinter } = await import('../terminal/json.ts');
    return jsonEventPrinter(process.stdout);
  }

  private async textPrinter(): Promise<(event: Event) => void> {
    const { makeEventPrinter } = await import('../terminal/print-events.ts');
    const printer = await makeEventPrinter(process.stderr, {
      moves: process.env.TERM !== 'dumb',
      ci: this.ci?.log,
    });
    this.pause = printer.pause;
    return printer.print;
  }

  protected exitWith(code: number | undefined): void {
    process.exitCode = code;
  }

  /** The one place where what went wrong is told. Nothing of it is printed by oclif. */
  protected override async catch(error: Error): Promise<void> {
    this.pause();
    if (this.print && this.began !== undefined) await this.endStream(error, this.print, this.began);
    else process.exitCode = await reportError(error, this.json);
  }

  /** A stream of events has its problems and its end however it ends. */
  private async endStream(error: Error, print: (event: Event) => void, began: number): Promise<void> {
    const interrupt = interruptCode();
    const problems = await problemsToTell(error);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const events: Event[] = problems.map((problem) => ({ type: 'problem', problem }));
    events.push({ type: 'end', outcome: 'stopped', seconds });
    for (const event of events) {
      print(event);
      this.ci?.note(event);
    }
    this.ci?.end();
    process.exitCode = interrupt ?? exitCodeOf(problems) ?? exitCodes.error;
  }
}

/** Tells a person or a script what went wrong, and gives the exit code. */
export async function reportError(error: Error, json: boolean): Promise<number> {
  const problems = await problemsToTell(error);
  if (json) {
    const { jsonVersion, printJsonLine, problemToJson } = await import('../terminal/json.ts');
    printJsonLine({ version: jsonVersion, problems: problems.map(problemToJson) }, process.stdout);
  } else {
    const { printProblems } = await import('../terminal/print-problems.ts');
    printProblems(problems, process.stderr);
  }
  return interruptCode() ?? exitCodeOf(problems) ?? exitCodes.error;
}

async function problemsToTell(error: Error): Promise<readonly Problem[]> {
  return interruptCode() === undefined ? problemsOf(error) : [interruptedRun()];
}

async function problemsOf(error: Error): Promise<readonly Problem[]> {
  if (error instanceof PaasError) return error.problems;
  // Loaded only where something went wrong: these rooms cost start-up time.
  const { ApiError, describeApiError } = await import('../cluster/api-error.ts');
  if (error instanceof ApiError) return [describeApiError(error)];
  return [usageProblem(error) ?? internalError(error, (process.env.DEBUG ?? '') !== '')];
}
