import { PaasCommand } from '../cli/base-command.ts';
import { chooseApp } from '../cli/choose-app.ts';
import { acceptFlags, appOrNameFlags, clusterFlags } from '../cli/flags.ts';
import { unfreezeApp } from '../deploy/freeze.ts';

export default class Unlock extends PaasCommand {
  static override summary = 'Let an environment be changed again';
  static override description =
    'Takes away what paas lock said, whoever said it, and tells who that was. Where it is not locked there is nothing to do.';
  static override examples = [
    '<%= config.bin %> unlock',
    '<%= config.bin %> unlock --env production',
    '<%= config.bin %> unlock --app shop --env production --json',
  ];
  static override flags = { ...appOrNameFlags, ...clusterFlags, ...acceptFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Unlock);
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    await this.announce(chosen.target);
    await chosen.guard(flags['accept-new-cluster']);
    const freeze = await unfreezeApp(chosen.cluster, chosen.owner);
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = chosen.target;
      return printJson({ ...where, was: freeze ?? null }, process.stdout);
    }
    this.logToStderr(
      freeze
        ? `${chosen.owner.environment} is unlocked. ${freeze.by} had locked it since ${freeze.at}: ${freeze.message}`
        : `${chosen.owner.environment} was not locked.`,
    );
  }
}
