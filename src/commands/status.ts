import { PaasCommand } from '../cli/base-command.ts';
import { chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags } from '../cli/flags.ts';
import { readStatus } from '../observe/status.ts';

export default class Status extends PaasCommand {
  static override summary = 'Show how the app is: its release and its components';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --env production',
    '<%= config.bin %> status --app shop --env production',
    '<%= config.bin %> status --json | jq \'.components[] | select(.state != "ready")\'',
  ];
  static override flags = { ...appOrNameFlags, ...clusterFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const { cluster, owner, target } = await chooseApp(flags, process.cwd());
    const status = await readStatus(cluster, owner, Date.now());
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = target;
      return printJson(
        { ...where, ...status, release: status.release ?? null, freeze: status.freeze ?? null },
        process.stdout,
      );
    }
    const { printStatus } = await import('../terminal/print-status.ts');
    printStatus(target, status, Date.now(), process.stdout);
  }
}
