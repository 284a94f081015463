import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { type ConsentFlags, consentOf } from '../cli/consent.ts';
import { appFlags, clusterFlags, consentFlags, imageFlag, writeFlags } from '../cli/flags.ts';
import { lookAtImages, prepareImages } from '../cli/prepare-images.ts';
import { connectForPlan, guardPlan } from '../cli/saved-plan.ts';
import { confirmer, connectFor, guardCluster, noteCluster, targetOf } from '../cli/session.ts';
import { mayCreateNamespace, whoAmI, whoAndFrom } from '../cli/who.ts';
import { deploy } from '../deploy/deploy.ts';
import { deploySaved } from '../deploy/deploy-saved.ts';
import type { OnFailure } from '../deploy/options.ts';
import type { SavedPlan } from '../deploy/saved-plan.ts';
import type { Event } from '../events.ts';
import { readPlanFile } from '../host/plan-file.ts';
import { isGone, thisHolder } from '../host/this-process.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { neededSecrets, placeOfComponent } from '../pipeline/places.ts';
import { publicAddresses } from '../plan/public-addresses.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';

export default class Deploy extends PaasCommand {
  static override summary = 'Bring the cluster to what paas.yaml says';
  static override description = [
    'Shows what changes, asks (at a terminal), applies it, waits until every instance is ready, and records a release.',
    'When it fails it says why, with the last lines of the program, and brings back the last good release; what it said then: paas why. Where jobs (run: before_deploy) ran, what is there stays. Interrupted, the same command goes on.',
    'Exit codes: 0 done or nothing to do, 3 the app failed and what is there stays, 4 undecided in time, 5 it failed and was taken back, 9 taking it back failed too, 6 someone else deploys or it is locked, 7 the file is wrong, 8 refused before anything was touched.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> deploy',
    '<%= config.bin %> deploy --env production --yes',
    '<%= config.bin %> deploy --yes --image web=registry.example.com/shop:1.4',
    '<%= config.bin %> deploy --dry-run',
    '<%= config.bin %> diff --out plan.json && <%= config.bin %> deploy --plan plan.json',
    '<%= config.bin %> deploy --timeout 15min --json',
  ];
  static override flags = {
    ...appFlags,
    ...clusterFlags,
    ...writeFlags,
    plan: Flags.string({
      helpValue: 'FILE',
      exclusive: ['image', 'registry', 'recreate', 'take-over', 'accept-new-cluster'],
      description: 'do exactly what paas diff --out FILE has kept, or nothing; paas.yaml is not read',
    }),
    image: imageFlag,
    ...consentFlags,
    registry: Flags.string({
      helpValue: 'REGISTRY',
      description: 'where images that are built go, in place of registry in the file (PAAS_REGISTRY too)',
    }),
    check: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'look at lock files and known-bad dependencies before a build',
    }),
    'dry-run': Flags.boolean({ description: 'show what would change, and end without writing anything' }),
    'on-failure': Flags.custom<OnFailure>({
      options: ['rollback', 'keep'],
      description:
        'where the app fails: bring back the last good release, or keep what is there; by itself rollback, unless there is none or jobs ran before this release',
    })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Deploy);
    await this.report(this.events(flags));
  }

  private async *events(flags: DeployFlags): AsyncGenerator<Event> {
    if (flags.plan !== undefined) {
      yield* this.savedPlan(flags.plan, flags);
      return;
    }
    const images = flags.image;
    const consent = consentOf(flags);
    const built = await loadPlan({ ...flags, images, cwd: process.cwd() }, this.config.root);
    const { app, planFor } = built;
    const cluster = connectFor(built, flags.context);
    yield targetOf(app, cluster);
    const { signal } = this;
    const reading = { ...cluster, signal };
    const guarded = guardCluster(built, reading, flags.file, flags['accept-new-cluster']);
    // Told where it is waited for.
    guarded.catch(() => {});
    const confirm = confirmer({
      yes: flags.yes,
      json: flags.json,
      needsYes: app.environment.protected
        ? `A deploy to the protected environment ${app.environment.name}`
        : undefined,
      question: `Deploy to ${app.environment.name}?`,
      pause: () => this.pause(),
      signal,
    });
    const env = process.env;
    if (app.components.some(({ image }) => image === '')) await guarded;
    const inputs = flags['dry-run']
      ? (await lookAtImages(built, { env, signal })).inputs
      : yield* prepareImages(built, cluster, {
          ...flags,
          cwd: process.cwd(),
          root: this.config.root,
          env,
          signal,
        });
    const addresses = app.components.flatMap((component) => publicAddresses(app, component));
    const events = deploy({
      cluster,
      guarded,
      planFor,
      images: inputs,
      secrets: neededSecrets(built),
      timeout: flags.timeout * 1000,
      signal,
      lock: { holder: thisHolder(process.pid), isGone },
      by: () => whoAndFrom(built, flags.file, images, this.config.version, env),
      consent,
      dryRun: flags['dry-run'],
      mayCreateNamespace: mayCreateNamespace(built),
      confirm: async () => {
        if (!(await confirm())) return false;
        // Before anything is made there.
        await noteCluster(built, cluster, await guarded, flags.file);
        return true;
      },
      placeOf: (component, key) => placeOfComponent(built, component, key),
      onFailure: flags['on-failure'],
    });
    for await (const event of events) {
      const isLive = event.type === 'end' && ['succeeded', 'unchanged'].includes(event.outcome);
      yield isLive && addresses.length > 0 ? { ...event, addresses } : event;
    }
    // Where nothing was to be changed, nothing was asked either. What can't be noted now is said by the next change.
    if (!flags['dry-run']) await noteCluster(built, cluster, await guarded, flags.file).catch(() => {});
  }

  private async *savedPlan(path: string, flags: DeployFlags): AsyncGenerator<Event> {
    const saved = await readPlanFile<SavedPlan>(path);
    const { app, environment, namespace, protected: isProtected } = saved.plan;
    const { signal } = this;
    if (flags.env !== undefined && flags.env !== environment)
      fail(badUsage(`The plan ${path} is for the environment ${environment}, not for ${flags.env}.`));
    const cluster = connectForPlan(saved, flags.context);
    yield {
      type: 'target',
      app,
      environment,
      cluster: cluster.name,
      context: cluster.context,
      server: cluster.server,
      namespace,
    };
    const note = await guardPlan(saved, path, { ...cluster, signal }, flags.file);
    const confirm = confirmer({
      yes: flags.yes,
      json: flags.json,
      needsYes: isProtected ? `A deploy to the protected environment ${environment}` : undefined,
      question: `Deploy to ${environment}?`,
      pause: () => this.pause(),
      signal,
    });
    yield* deploySaved(saved, {
      cluster,
      timeout: flags.timeout * 1000,
      signal,
      lock: { holder: thisHolder(process.pid), isGone },
      by: async () => {
        const { by, ci } = whoAmI(this.config.version, process.env);
        return { by, ...(ci && { ci }) };
      },
      dryRun: flags['dry-run'],
      confirm: async () => {
        if (!(await confirm())) return false;
        await note();
        return true;
      },
      onFailure: flags['on-failure'],
    });
    if (!flags['dry-run']) await note().catch(() => {});
  }
}

interface DeployFlags extends ConsentFlags {
  readonly plan: string | undefined;
  readonly file: string;
  readonly env: string | undefined;
  readonly platform: string | undefined;
  readonly context: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
  readonly timeout: number;
  readonly 'accept-new-cluster': boolean;
  readonly image: readonly string[] | undefined;
  readonly 'dry-run': boolean;
  readonly registry: string | undefined;
  readonly check: boolean;
  readonly 'on-failure': OnFailure | undefined;
}
