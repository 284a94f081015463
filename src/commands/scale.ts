import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type AppChoice, chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { readNumbers } from '../cli/read-numbers.ts';
import { confirmer } from '../cli/session.ts';
import { scale } from '../deploy/scale.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder, userAtHost } from '../host/this-process.ts';

export default class ScaleCommand extends PaasCommand {
  static override summary = 'Set how many instances components have';
  static override description = [
    'At once, without a deploy. Later deploys keep the number and say so, until the file asks for another one than now.',
    '--reset brings back the number of the file: of the components that are named, or of all that were scaled by hand.',
    'A component with a scaling_policy is refused: its autoscaler would take the number back.',
    'Exit codes: 0 done, 3 and 4 not ready (with --wait), 6 someone else deploys or it is locked, 8 refused.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> scale web=5',
    '<%= config.bin %> scale web=5 worker=2 --wait --env production --yes',
    '<%= config.bin %> scale --reset',
    '<%= config.bin %> scale web=0 --app shop --env staging',
  ];
  static override strict = false;
  static override args = {
    numbers: Args.string({ description: 'COMPONENT=NUMBER, one or several; with --reset COMPONENT' }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    ...writeFlags,
    reset: Flags.boolean({ description: 'bring back the numbers of the file' }),
    wait: Flags.boolean({ description: 'wait until so many instances are ready' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ScaleCommand);
    const numbers = readNumbers(argv.map(String), flags.reset);
    await this.report(this.events(numbers, flags));
  }

  private async *events(numbers: Map<string, number | 'file'>, flags: ScaleFlags): AsyncGenerator<Event> {
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    const { cluster, owner, target } = chosen;
    yield target;
    await chosen.guard(flags['accept-new-cluster']);
    const needsYes = await chosen.isProtected();
    yield* scale({
      cluster,
      owner,
      numbers,
      resetAll: flags.reset && numbers.size === 0,
      wait: flags.wait,
      by: userAtHost(),
      timeout: flags.timeout * 1000,
      signal: this.signal,
      lock: { holder: thisHolder(process.pid), isGone },
      confirm: confirmer({
        yes: flags.yes,
        json: flags.json,
        needsYes: needsYes ? `To scale in the protected environment ${owner.environment}` : undefined,
        question: `Scale ${owner.app} in ${owner.environment}?`,
        pause: () => this.pause(),
        signal: this.signal,
      }),
    });
  }
}

interface ScaleFlags extends AppChoice {
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly wait: boolean;
  readonly reset: boolean;
  readonly 'accept-new-cluster': boolean;
}
