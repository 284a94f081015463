import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { appFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { confirmer, connectFor, guardCluster, targetOf } from '../cli/session.ts';
import { restart } from '../deploy/restart.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder } from '../host/this-process.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { placeOfComponent } from '../pipeline/places.ts';
import { ownerOfApp } from '../plan/labels.ts';

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
  ];
  static override args = {
    component: Args.string({
      ignoreStdin: true,
      description: 'the components; all that keep running when left out',
    }),
  };
  static override flags = { ...appFlags, ...clusterFlags, ...writeFlags };
  // Several components.
  static override strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restart);
    await this.report(this.events(argv as string[], flags));
  }

  private async *events(components: readonly string[], flags: RestartFlags): AsyncGenerator<Event> {
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const { signal } = this;
    const cluster = connectFor(loaded, flags.context);
    yield targetOf(app, cluster);
    await guardCluster(loaded, { ...cluster, signal }, flags.file, flags['accept-new-cluster']);
    yield* restart(cluster, ownerOfApp(app), [...new Set(components)], {
      timeout: flags.timeout * 1000,
      signal,
      lock: { holder: thisHolder(process.pid), isGone },
      at: new Date().toISOString(),
      placeOf: (component, key) => placeOfComponent(loaded, component, key),
      confirm: confirmer({
        yes: flags.yes,
        json: flags.json,
        needsYes: app.environment.protected
          ? `A restart in the protected environment ${app.environment.name}`
          : undefined,
        question: `Restart ${components.join(', ') || 'everything'} in ${app.environment.name}?`,
        pause: () => this.pause(),
        signal,
      }),
    });
  }
}

interface RestartFlags {
  readonly file: string;
  readonly env: string | undefined;
  readonly platform: string | undefined;
  readonly context: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly 'accept-new-cluster': boolean;
}
