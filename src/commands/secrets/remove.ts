import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../../cli/base-command.ts';
import { acceptFlags, appFlags, clusterFlags } from '../../cli/flags.ts';
import { confirmer, connectFor, guardCluster, targetOf } from '../../cli/session.ts';
import { releaseWithSecret, removeSecret } from '../../deploy/store-secret.ts';
import { listStoredSecrets } from '../../observe/secrets.ts';
import { loadApp } from '../../pipeline/load-app.ts';
import { neededSecrets } from '../../pipeline/places.ts';
import { ownerOfApp } from '../../plan/labels.ts';
import { declined } from '../../problems/deploy.ts';
import { nearest } from '../../problems/nearest.ts';
import { fail } from '../../problems/problem.ts';
import { noSuchSecret, secretInUse, secretLive } from '../../problems/usage.ts';

export default class SecretsRemove extends PaasCommand {
  static override summary = 'Remove a stored secret, every version of it';
  static override description =
    'Releases that need it can no longer be gone back to. Refused while paas.yaml or the live release refers to it. Without a terminal it needs --yes.';
  static override examples = [
    '<%= config.bin %> secrets remove stripe_key',
    '<%= config.bin %> secrets remove stripe_key --env staging --yes',
  ];
  static override args = {
    name: Args.string({ ignoreStdin: true, required: true, description: "the secret's name" }),
  };
  static override flags = {
    ...appFlags,
    ...clusterFlags,
    ...acceptFlags,
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
    force: Flags.boolean({ description: 'remove it although paas.yaml or the live release refers to it' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsRemove);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const needed = neededSecrets(loaded);
    const use = needed.find(({ name }) => name === args.name);
    if (use && !flags.force) fail(secretInUse(args.name, use.by, use.at));
    const cluster = connectFor(loaded, flags.context);
    await guardCluster(loaded, cluster, flags.file, flags['accept-new-cluster']);
    const owner = ownerOfApp(app);
    const stored = (await listStoredSecrets(cluster, owner, [])).map(({ name }) => name);
    if (!stored.includes(args.name)) fail(noSuchSecret(args.name, nearest(args.name, stored)));
    const live = flags.force ? undefined : await releaseWithSecret(cluster, owner, args.name);
    if (live !== undefined) fail(secretLive(args.name, live));
    const confirmed = await confirmer({
      yes: flags.yes,
      json: flags.json,
      needsYes: `To remove the secret ${args.name} from ${app.environment.name}`,
      question: `Remove the secret ${args.name} from ${app.environment.name}?`,
      pause: () => {},
      signal: this.signal,
    })();
    if (!confirmed) fail(declined());
    const removed = await removeSecret(cluster, owner, args.name);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      const { type: _, ...target } = targetOf(app, cluster);
      return printJson({ ...target, secret: { name: args.name, versions: removed } }, process.stdout);
    }
    process.stderr.write(
      `Removed ${args.name} from ${app.environment.name}: ${removed} ${removed === 1 ? 'version' : 'versions'}.\n`,
    );
  }
}
