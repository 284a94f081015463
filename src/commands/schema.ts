import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { editorSchema } from '../model/editor-schema.ts';

export default class Schema extends PaasCommand {
  static override summary = 'Print the JSON schema of paas.yaml or platform.yaml, for editors';
  static override description = [
    'Editors with a YAML language server complete keys and explain them when the file begins with:',
    '  # yaml-language-server: $schema=paas.schema.json',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> schema > paas.schema.json',
    '<%= config.bin %> schema platform > platform.schema.json',
  ];
  static override args = {
    file: Args.string({ options: ['paas', 'platform'], default: 'paas', description: 'whose schema' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Schema);
    const path = join(this.config.root, 'schemas', `${args.file}.schema.json`);
    const schema = editorSchema(JSON.parse(await readFile(path, 'utf8')));
    process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  }
}
