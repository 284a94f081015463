import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { loadApp } from '../pipeline.ts';

export default class Validate extends PaasCommand {
  static override summary = 'Check paas.yaml, without a cluster';
  static override description =
    'Tells everything that is wrong with the file, each with its place and the most likely fix. Exit code 0: valid, 7: not.';
  static override examples = [
    '<%= config.bin %> validate',
    '<%= config.bin %> validate --file deploy/paas.yaml --env staging',
    '<%= config.bin %> validate --json',
  ];
  static override flags = { ...appFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    const { app } = await loadApp({ ...flags, cwd: process.cwd() });
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      return printJson({ app, problems: [] }, process.stdout);
    }
    const count = app.components.length;
    this.log(
      `${flags.file} is valid: ${app.name}, ${count} ${count === 1 ? 'component' : 'components'}, environment ${app.environment.name}.`,
    );
  }
}
