import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type ChosenApp, chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags } from '../cli/flags.ts';
import { interruptCode, outputClosed } from '../cli/interrupt.ts';
import type { TargetEvent } from '../events.ts';
import { readStatus, type Status as State } from '../observe/status.ts';

/** How long ago something was is drawn anew, in milliseconds. */
const redrawn = 60_000;

export default class Status extends PaasCommand {
  static override summary = 'Show how the app is: its release, its components and where it is reached';
  static override description =
    'With --watch it goes on until it is interrupted: on a terminal in place, in a pipe a line for each change, with --json a document on each line.';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --env production --watch',
    '<%= config.bin %> status --app shop --env production',
    '<%= config.bin %> status --json | jq \'.components[] | select(.state != "ready")\'',
  ];
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    watch: Flags.boolean({ char: 'w', description: 'go on, and show what changes' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    if (flags.watch) return this.watch(chosen);
    const { reading: cluster, owner, target } = chosen;
    const status = await readStatus(cluster, owner, Date.now());
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      return printJson(asJson(target, status), process.stdout);
    }
    const { printStatus } = await import('../terminal/print-status.ts');
    printStatus(target, status, Date.now(), process.stdout);
  }

  private async watch({ reading: cluster, owner, target }: ChosenApp): Promise<void> {
    const [{ watchStatus }, { drawnWatch, linedWatch }, { jsonVersion, printJsonLine }] = await Promise.all([
      import('../observe/watch-status.ts'),
      import('../terminal/print-watch.ts'),
      import('../terminal/json.ts'),
    ]);
    const { stdout } = process;
    const moves = stdout.isTTY && process.env.TERM !== 'dumb';
    const printer = moves
      ? drawnWatch(target, stdout)
      : linedWatch(stdout, () => new Date().toTimeString().slice(0, 8));
    stdout.on('resize', printer.again);
    const ticking = setInterval(printer.again, redrawn);
    ticking.unref();
    const signal = AbortSignal.any([this.signal, outputClosed]);
    for await (const watched of watchStatus(cluster, owner, signal)) {
      const { status, silentSince } = watched;
      const line = (): object => ({
        version: jsonVersion,
        at: new Date().toISOString(),
        ...asJson(target, status),
        ...(silentSince !== undefined && { silent_since: new Date(silentSince).toISOString() }),
      });
      if (this.json) printJsonLine(line(), stdout);
      else printer.print(watched);
    }
    clearInterval(ticking);
    stdout.off('resize', printer.again);
    this.exitWith(interruptCode());
  }
}

function asJson({ type: _, ...where }: TargetEvent, status: State): object {
  return { ...where, ...status, release: status.release ?? null, freeze: status.freeze ?? null };
}
