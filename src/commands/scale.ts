import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type AppChoice, chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { readNames, readNumbers } from '../cli/read-numbers.ts';
import { confirmer } from '../cli/session.ts';
import { railsOf, unitOf } from '../cli/unit.ts';
import { whoAmI } from '../cli/who.ts';
import { isResized, resize } from '../deploy/resize.ts';
import { scale } from '../deploy/scale.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder, userAtHost } from '../host/this-process.ts';

export default class ScaleCommand extends PaasCommand {
  static override summary = 'Set how many instances components have, or how large they are';
  static override description = [
    'At once, without a deploy. Later deploys keep the number and say so, until the file asks for another one than now.',
    '--units gives each instance so many units of CPU and memory: a release in which nothing else changes, and which is waited for and taken back as every other. It holds until the file says another size than now.',
    '--reset brings back what the file says: of the components that are named, or of all that were scaled by hand.',
    'The number of a component with a scaling_policy is refused: its autoscaler would take it back.',
    'Exit codes: 0 done, 3 and 4 not ready (with --wait or --units), 5 not ready and taken back, 6 someone else deploys or it is locked, 8 refused.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> scale web=5',
    '<%= config.bin %> scale web=5 worker=2 --wait --env production --yes',
    '<%= config.bin %> scale web --units 2',
    '<%= config.bin %> scale --reset',
    '<%= config.bin %> scale web=0 --app shop --env staging',
  ];
  static override strict = false;
  static override args = {
    numbers: Args.string({
      description: 'COMPONENT=NUMBER, one or several; with --units and --reset COMPONENT',
    }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    ...writeFlags,
    units: Flags.integer({
      helpValue: 'N',
      min: 1,
      max: 1000,
      exclusive: ['reset'],
      description: 'give each instance so many units of CPU and memory',
    }),
    reset: Flags.boolean({ description: 'bring back what the file says' }),
    wait: Flags.boolean({ description: 'wait until so many instances are ready (with --units always)' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ScaleCommand);
    const words = argv.map(String);
    const { units } = flags;
    if (units === undefined) await this.report(this.events(readNumbers(words, flags.reset), flags));
    else
      await this.report(
        this.events(new Map(), flags, new Map(readNames(words).map((name) => [name, units]))),
      );
  }

  private async *events(
    numbers: Map<string, number | 'file'>,
    flags: ScaleFlags,
    sizes?: Map<string, number>,
  ): AsyncGenerator<Event> {
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    const { cluster, owner, target, loaded } = chosen;
    yield target;
    await chosen.guard(flags['accept-new-cluster']);
    const needsYes = await chosen.isProtected();
    const options = {
      cluster,
      owner,
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
    };
    const resetAll = flags.reset && numbers.size === 0;
    const reset = flags.reset && (await isResized(options, [...numbers.keys()]));
    if (!sizes) {
      const events = scale({ ...options, numbers, resetAll, wait: flags.wait && !reset, by: userAtHost() });
      for await (const event of events) {
        // Where sizes go back too, that is told next.
        const isNothing = event.type === 'end' || (event.type === 'changes' && event.changes.length === 0);
        if (!reset || !isNothing) yield event;
      }
    }
    if (!sizes && !reset) return;
    const check = await railsOf(loaded);
    yield* resize({
      ...options,
      sizes: sizes ?? numbers,
      resetAll,
      unit: loaded && unitOf(loaded),
      at: new Date().toISOString(),
      by: async () => whoAmI(this.config.version, process.env),
      placeOf: chosen.placeOf,
      ...(check && { check }),
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
