import { Flags } from '@oclif/core';
import { PaasCommand } from '../../cli/base-command.ts';
import { chooseApp } from '../../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, releaseArg } from '../../cli/flags.ts';
import { configOf, findRelease, imagesOf } from '../../observe/releases.ts';

export default class ReleasesShow extends PaasCommand {
  static override summary = 'Show a release: its images, secrets, configuration and why it failed';
  static override description =
    'With --yaml its manifests, as they were applied. Values of secrets are in neither.';
  static override examples = [
    '<%= config.bin %> releases show 12',
    '<%= config.bin %> releases show 12 --yaml',
    '<%= config.bin %> releases show 12 --app shop --env production --json',
  ];
  static override args = {
    release: releaseArg({ required: true, description: 'its number' }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    yaml: Flags.boolean({ exclusive: ['json'], description: 'print its manifests' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReleasesShow);
    const { reading: cluster, owner, target } = await chooseApp(flags, process.cwd(), this.signal);
    const release = await findRelease(cluster, owner, args.release);
    const { plan, summary, evidence } = release;
    if (flags.yaml) {
      const { planToYaml, withoutSecretValues } = await import('../../plan/to-yaml.ts');
      process.stdout.write(planToYaml(withoutSecretValues(plan)));
      return;
    }
    const details = { images: imagesOf(plan), config: configOf(plan), instances: plan.scale };
    if (flags.json) {
      const { printJson, problemToJson } = await import('../../terminal/json.ts');
      const { type: _, ...where } = target;
      const problems = evidence.map(problemToJson);
      return printJson({ ...where, ...summary, ...details, problems }, process.stdout);
    }
    const { printRelease } = await import('../../terminal/print-release.ts');
    printRelease(target, summary, details, Date.now(), process.stdout);
  }
}
