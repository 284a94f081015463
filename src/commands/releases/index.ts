import { Flags } from '@oclif/core';
import { PaasCommand } from '../../cli/base-command.ts';
import { chooseApp } from '../../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags } from '../../cli/flags.ts';
import { listAllReleases } from '../../observe/releases.ts';

export default class Releases extends PaasCommand {
  static override summary = 'List the releases: when, who, what changed, how it ended';
  static override description = [
    'The newest first. What was scaled by hand stands between them, without a number.',
    'The newest 20 are kept, for a year; of older ones the last 5 that succeeded.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> releases',
    '<%= config.bin %> releases --env production --limit 5 --json',
    '<%= config.bin %> releases --app shop --env production',
  ];
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    limit: Flags.integer({ default: 10, min: 1, helpValue: 'N', description: 'the newest N' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Releases);
    const { reading: cluster, owner, target } = await chooseApp(flags, process.cwd(), this.signal);
    const list = await listAllReleases(cluster, owner, flags.limit);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      const { type: _, ...where } = target;
      return printJson({ ...where, ...list, freeze: list.freeze ?? null }, process.stdout);
    }
    const { printReleases } = await import('../../terminal/print-releases.ts');
    printReleases(target, list, Date.now(), process.stdout);
  }
}
