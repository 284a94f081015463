import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type AppChoice, chooseApp } from '../cli/choose-app.ts';
import { consentOf } from '../cli/consent.ts';
import { appOrNameFlags, clusterFlags, consentFlags, releaseArg, writeFlags } from '../cli/flags.ts';
import { confirmer } from '../cli/session.ts';
import { rollback } from '../deploy/rollback.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder, userAtHost } from '../host/this-process.ts';

export default class Rollback extends PaasCommand {
  static override summary = 'Bring an old release back, as a new one';
  static override description = [
    'Without a number: the last release that succeeded before the one that is live, and was something else.',
    'Images, variables, files, versions of secrets, routes, scaling policies and numbers of instances come back as they were. Jobs (run: before_deploy) do not run again, and what they changed is not undone. A number set by paas scale stays, unless the file of the old release said another.',
    '--image-only: the images of the old release, all else as it is. --config-only: its variables (env), files and versions of secrets, with the images and all else as they are. Components that only one of the two releases has stay as they are then.',
    'Shows what comes back and asks (at a terminal). Exit codes: 0 done, 3 it did not become ready, 4 undecided in time, 6 someone else deploys or it is locked, 8 refused.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> rollback',
    '<%= config.bin %> rollback 12 --env production --yes',
    '<%= config.bin %> rollback 12 --image-only',
    '<%= config.bin %> rollback --app shop --env production',
  ];
  static override args = {
    release: releaseArg({ description: 'the release to bring back' }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    ...writeFlags,
    recreate: consentFlags.recreate,
    'image-only': Flags.boolean({ exclusive: ['config-only'], description: 'only the images' }),
    'config-only': Flags.boolean({ description: 'only variables, files and versions of secrets' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rollback);
    await this.report(this.events(args.release, flags));
  }

  private async *events(number: number | undefined, flags: RollbackFlags): AsyncGenerator<Event> {
    const consent = consentOf({ recreate: flags.recreate, 'take-over': false });
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    const { cluster, owner, target } = chosen;
    yield target;
    await chosen.guard(flags['accept-new-cluster']);
    const needsYes = await chosen.isProtected();
    yield* rollback({
      cluster,
      owner,
      number,
      only: flags['image-only'] ? 'image' : flags['config-only'] ? 'config' : undefined,
      timeout: flags.timeout * 1000,
      signal: this.signal,
      lock: { holder: thisHolder(process.pid), isGone },
      by: async () => ({ by: userAtHost(), tool: this.config.version }),
      consent,
      confirm: confirmer({
        yes: flags.yes,
        json: flags.json,
        needsYes: needsYes ? `A rollback in the protected environment ${owner.environment}` : undefined,
        question: `Roll back ${owner.app} in ${owner.environment}?`,
        pause: () => this.pause(),
        signal: this.signal,
      }),
    });
  }
}

interface RollbackFlags extends AppChoice {
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly 'accept-new-cluster': boolean;
  readonly recreate: readonly string[] | undefined;
  readonly 'image-only': boolean;
  readonly 'config-only': boolean;
}
