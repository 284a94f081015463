import { PaasCommand } from '../cli/base-command.ts';
import { chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, releaseArg } from '../cli/flags.ts';
import { findFailed } from '../observe/releases.ts';

export default class Why extends PaasCommand {
  static override summary = 'Say why a release failed: the reason and the last lines, as they were then';
  static override description =
    'Without a number: the newest release that failed. It is kept with the release, also where that was taken back.';
  static override examples = [
    '<%= config.bin %> why',
    '<%= config.bin %> why 12',
    '<%= config.bin %> why 12 --app shop --env production --json',
  ];
  static override args = {
    release: releaseArg({ description: 'the number of a release' }),
  };
  static override flags = { ...appOrNameFlags, ...clusterFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Why);
    const { reading: cluster, owner, target } = await chooseApp(flags, process.cwd(), this.signal);
    const { summary, evidence } = await findFailed(cluster, owner, args.release);
    if (flags.json) {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = target;
      return printJson({ ...where, release: summary, problems: evidence.map(problemToJson) }, process.stdout);
    }
    const { printWhy } = await import('../terminal/print-release.ts');
    printWhy(summary, evidence, Date.now(), process.stdout);
  }
}
