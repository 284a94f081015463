import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PaasCommand } from '../cli/base-command.ts';

export default class Schema extends PaasCommand {
  static override summary = 'Print the JSON schema of paas.yaml, for editors';
  static override description = [
    'Editors with a YAML language server complete keys and explain them when the file begins with:',
    '  # yaml-language-server: $schema=paas.schema.json',
  ].join('\n');
  static override examples = ['<%= config.bin %> schema > paas.schema.json'];

  async run(): Promise<void> {
    await this.parse(Schema);
    process.stdout.write(await readFile(join(this.config.root, 'schemas', 'paas.schema.json'), 'utf8'));
  }
}
