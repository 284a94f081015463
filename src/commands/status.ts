import { PaasCommand } from '../cli/base-command.ts';
import { appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor, targetOf } from '../cli/session.ts';
import { readStatus } from '../observe/status.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Status extends PaasCommand {
  static override summary = 'Show how the app is: its release and its components';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --env production',
    '<%= config.bin %> status --json | jq \'.components[] | select(.state != "ready")\'',
  ];
  static override flags = { ...appFlags, ...clusterFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const cluster = connectFor(loaded, flags.context, this.signal);
    const target = targetOf(app, cluster);
    const status = await readStatus(cluster, ownerOfApp(app), Date.now());
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = target;
      return printJson({ ...where, ...status, release: status.release ?? null }, process.stdout);
    }
    const { printStatus } = await import('../terminal/print-status.ts');
    printStatus(target, status, Date.now(), process.stdout);
  }
}
