import { Flags } from '@oclif/core';
import { PaasCommand } from '../../cli/base-command.ts';
import { chooseApp } from '../../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, releaseArg } from '../../cli/flags.ts';
import { compareReleases, differencesToYaml } from '../../observe/releases.ts';

export default class ReleasesDiff extends PaasCommand {
  static override summary = 'Show what differs between two releases';
  static override description =
    'By component and field. What a release was made with counts, not what somebody changed in the cluster afterwards.';
  static override examples = [
    '<%= config.bin %> releases diff 11 12',
    '<%= config.bin %> releases diff 11 12 --yaml',
    '<%= config.bin %> releases diff 11 12 --app shop --env production --json',
  ];
  static override args = {
    from: releaseArg({ required: true, description: 'the number of a release' }),
    to: releaseArg({ required: true, description: 'that of the one to compare it with' }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    yaml: Flags.boolean({ exclusive: ['json'], description: 'each field with both values, as YAML' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReleasesDiff);
    const { reading: cluster, owner, target } = await chooseApp(flags, process.cwd(), this.signal);
    const differences = await compareReleases(cluster, owner, args.from, args.to);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      const { type: _, ...where } = target;
      return printJson({ ...where, ...args, differences }, process.stdout);
    }
    if (flags.yaml) {
      process.stdout.write(differencesToYaml(differences));
      return;
    }
    const { printDifferences } = await import('../../terminal/print-differences.ts');
    printDifferences(args.from, args.to, differences, process.stdout);
  }
}
