import { PaasCommand } from '../../cli/base-command.ts';
import { appFlags } from '../../cli/flags.ts';
import { loadCatalog } from '../../pipeline/load-plan.ts';
import { loadSurroundings } from '../../pipeline/surroundings.ts';

export default class Catalog extends PaasCommand {
  static override summary = 'List the features that paas.yaml is rendered by';
  static override description =
    'Every feature with its keys and the layer it comes from: built in, the platform (--platform), or the app (.paas/features). A later layer takes the place of an earlier one of the same name.';
  static override examples = [
    '<%= config.bin %> catalog',
    '<%= config.bin %> catalog --platform ../platform/platform.yaml --json',
  ];
  static override flags = { file: appFlags.file, platform: appFlags.platform };

  async run(): Promise<void> {
    const { flags } = await this.parse(Catalog);
    const around = await loadSurroundings({ ...flags, cwd: process.cwd() });
    const features = await loadCatalog(around, this.config.root);
    const listed = features.map(({ name, layer, keys, description, folder }) => ({
      name,
      layer,
      keys,
      description,
      folder,
    }));
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      return printJson({ features: listed }, process.stdout);
    }
    const { printCatalog } = await import('../../terminal/print-catalog.ts');
    printCatalog(listed, process.stdout);
  }
}
