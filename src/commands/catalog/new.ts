import { join, relative, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { runtimesFolder } from '../../catalog/load-features.ts';
import { newFeature } from '../../catalog/new-feature.ts';
import { PaasCommand } from '../../cli/base-command.ts';
import { writeNewFiles } from '../../host/write-new-files.ts';
import { fail } from '../../problems/problem.ts';
import { badFeatureName, reservedFeatureName } from '../../problems/usage.ts';

export default class CatalogNew extends PaasCommand {
  static override summary = 'Write a new feature to begin with';
  static override description =
    'A folder with a key, an object, a patch and an example; it works as it is. In .paas/features, where the app beside it finds it, or in a folder that platform.yaml names.';
  static override examples = [
    '<%= config.bin %> catalog new nightly-report',
    '<%= config.bin %> catalog new nightly-report --in platform/features',
  ];
  static override args = {
    name: Args.string({ ignoreStdin: true, required: true, description: "the feature's name" }),
  };
  static override flags = {
    in: Flags.string({
      default: '.paas/features',
      helpValue: 'FOLDER',
      description: 'where its folder goes',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CatalogNew);
    if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(args.name)) fail(badFeatureName(args.name));
    if (args.name === runtimesFolder) fail(reservedFeatureName(args.name));
    const folder = join(resolve(flags.in), args.name);
    const files = await writeNewFiles(folder, newFeature(args.name));
    const shown = relative(process.cwd(), folder);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      return printJson({ folder: shown, files }, process.stdout);
    }
    for (const file of files) process.stdout.write(`${join(shown, file)}\n`);
    process.stderr.write(`Try it: paas catalog test ${shown} --update\n`);
  }
}
