import { PaasCommand } from '../cli/base-command.ts';
import { appFlags, clusterFlags, writeFlags } from '../cli/flags.ts';
import { confirmer, connectFor, guardCluster, noteCluster, targetOf } from '../cli/session.ts';
import { deploy } from '../deploy/deploy.ts';
import type { Event } from '../events.ts';
import { gitRevision } from '../host/git.ts';
import { isGone, thisHolder, userAtHost } from '../host/this-process.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { neededSecrets, placeOfComponent } from '../pipeline/places.ts';

export default class Deploy extends PaasCommand {
  static override summary = 'Bring the cluster to what paas.yaml says';
  static override description = [
    'Shows what changes, asks (at a terminal), applies it, waits until every instance is ready, and records a release.',
    'When it fails it says why, with the last lines of the program. Interrupted, the same command goes on.',
    'Exit codes: 0 done or nothing to do, 3 the app failed, 4 undecided in time, 6 someone else deploys, 7 the file is wrong, 8 refused before anything was touched.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> deploy',
    '<%= config.bin %> deploy --env production --yes',
    '<%= config.bin %> deploy --timeout 15min --json',
  ];
  static override flags = { ...appFlags, ...clusterFlags, ...writeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Deploy);
    await this.report(this.events(flags));
  }

  private async *events(flags: DeployFlags): AsyncGenerator<Event> {
    const built = await loadPlan({ ...flags, cwd: process.cwd() }, this.config.root);
    const { app, planFor, platform } = built;
    const cluster = connectFor(built, flags.context);
    yield targetOf(app, cluster);
    const identity = await guardCluster(built, cluster, flags.file, flags['accept-new-cluster']);
    const git = await gitRevision(process.cwd());
    const confirm = confirmer({
      yes: flags.yes,
      json: flags.json,
      needsYes: app.environment.protected
        ? `A deploy to the protected environment ${app.environment.name}`
        : undefined,
      question: `Deploy to ${app.environment.name}?`,
      pause: () => this.pause(),
      signal: this.signal,
    });
    yield* deploy({
      cluster,
      planFor,
      secrets: neededSecrets(built),
      timeout: flags.timeout * 1000,
      signal: this.signal,
      lock: { holder: thisHolder(process.pid), isGone },
      by: {
        by: userAtHost(),
        tool: this.config.version,
        ...(git && { git }),
        ...(platform && { platform: platform.hash }),
        source: built.source(),
      },
      mayCreateNamespace: app.environment.namespaces?.create ?? true,
      confirm: async () => {
        if (!(await confirm())) return false;
        // Before anything is made there.
        await noteCluster(app, cluster, identity, flags.file);
        return true;
      },
      placeOf: (component, key) => placeOfComponent(built, component, key),
    });
    // Where nothing was to be changed, nothing was asked either.
    await noteCluster(app, cluster, identity, flags.file);
  }
}

interface DeployFlags {
  readonly file: string;
  readonly env: string | undefined;
  readonly platform: string | undefined;
  readonly context: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly 'accept-new-cluster': boolean;
}
