import { PaasCommand } from '../cli/base-command.ts';
import { appFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { confirmer, connectFor, guardCluster, targetOf } from '../cli/session.ts';
import { deleteApp } from '../deploy/delete-app.ts';
import type { Event } from '../events.ts';
import { isGone, thisHolder } from '../host/this-process.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Delete extends PaasCommand {
  static override summary = 'Remove the app from an environment';
  static override description = [
    'Removes everything that was deployed, its record of releases, and the namespace, if this app made it and nothing else is in it.',
    'Volumes stay, and are named. Without a terminal it needs --yes.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> delete',
    '<%= config.bin %> delete --env staging --yes',
    '<%= config.bin %> delete --yes --json',
  ];
  static override flags = { ...appFlags, ...clusterFlags, ...writeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Delete);
    await this.report(this.events(flags));
  }

  private async *events(flags: {
    file: string;
    env: string | undefined;
    platform: string | undefined;
    context: string | undefined;
    yes: boolean;
    json: boolean;
    timeout: number;
    'accept-new-cluster': boolean;
  }): AsyncGenerator<Event> {
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const cluster = connectFor(loaded, flags.context);
    yield targetOf(app, cluster);
    const { signal } = this;
    await guardCluster(loaded, { ...cluster, signal }, flags.file, flags['accept-new-cluster']);
    yield* deleteApp({
      cluster,
      owner: ownerOfApp(app),
      timeout: flags.timeout * 1000,
      signal,
      lock: { holder: thisHolder(process.pid), isGone },
      confirm: confirmer({
        yes: flags.yes,
        json: flags.json,
        needsYes: `To delete ${app.name} from ${app.environment.name}`,
        question: `Delete ${app.name} from ${app.environment.name}?`,
        pause: () => this.pause(),
        signal,
      }),
    });
  }
}
