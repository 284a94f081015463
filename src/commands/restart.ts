import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type AppChoice, chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { confirmer } from '../cli/session.ts';
import { restart } from '../deploy/restart.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder } from '../host/this-process.ts';

export default class Restart extends PaasCommand {
  static override summary = 'Replace the instances of components by new ones, one after the other';
  static override description = [
    'With what is deployed now; waits until the new ones are ready, and says why where they are not. No release is made, and the next deploy changes nothing of it.',
    'Exit codes as of deploy.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> restart',
    '<%= config.bin %> restart web worker',
    '<%= config.bin %> restart web --env production --yes',
    '<%= config.bin %> restart --app shop --env production',
  ];
  static override args = {
    component: Args.string({
      ignoreStdin: true,
      description: 'the components; all that keep running when left out',
    }),
  };
  static override flags = { ...appOrNameFlags, ...clusterFlags, ...writeFlags };
  // Several components.
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restart);
    await this.report(this.events(argv as string[], flags));
  }

  private async *events(components: readonly string[], flags: RestartFlags): AsyncGenerator<Event> {
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    const { cluster, owner, target } = chosen;
    const { signal } = this;
    yield target;
    await chosen.guard(flags['accept-new-cluster']);
    const isProtected = await chosen.isProtected();
    yield* restart(cluster, owner, [...new Set(components)], {
      timeout: flags.timeout * 1000,
      signal,
      lock: { holder: thisHolder(process.pid), isGone },
      at: new Date().toISOString(),
      placeOf: chosen.placeOf,
      confirm: confirmer({
        yes: flags.yes,
        json: flags.json,
        needsYes: isProtected ? `A restart in the protected environment ${owner.environment}` : undefined,
        question: `Restart ${components.join(', ') || 'everything'} in ${owner.environment}?`,
        pause: () => this.pause(),
        signal,
      }),
    });
  }
}

interface RestartFlags extends AppChoice {
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly 'accept-new-cluster': boolean;
}
