import { PaasCommand } from '../../cli/base-command.ts';
import { appFlags, clusterFlags } from '../../cli/flags.ts';
import { connectFor, targetOf } from '../../cli/session.ts';
import { listStoredSecrets } from '../../observe/secrets.ts';
import { loadApp } from '../../pipeline/load-app.ts';
import { neededSecrets } from '../../pipeline/places.ts';
import { ownerOfApp } from '../../plan/labels.ts';

export default class SecretsList extends PaasCommand {
  static override summary = 'List the stored secrets, without their values';
  static override description =
    'Which secrets are stored in an environment, and which paas.yaml refers to. Values are never shown.';
  static override examples = [
    '<%= config.bin %> secrets list',
    '<%= config.bin %> secrets list --env production --json',
  ];
  static override flags = { ...appFlags, ...clusterFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(SecretsList);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const cluster = connectFor(loaded, flags.context, this.signal);
    const secrets = await listStoredSecrets(cluster, ownerOfApp(app), neededSecrets(loaded));
    const { type: _, ...target } = targetOf(app, cluster);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      const listed = secrets.map(({ usedBy, ...secret }) => ({ ...secret, used_by: usedBy }));
      return printJson({ ...target, secrets: listed }, process.stdout);
    }
    const { printSecrets } = await import('../../terminal/print-secrets.ts');
    printSecrets(secrets, Date.now(), process.stdout);
  }
}
