import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { editorSchema } from '../model/editor-schema.ts';
import type { SchemaNode } from '../model/schema.ts';
import { loadSurroundings } from '../pipeline/surroundings.ts';

export default class Schema extends PaasCommand {
  static override summary = 'Print the JSON schema of paas.yaml, platform.yaml or the events of --json';
  static override description = [
    'Editors with a YAML language server complete keys and explain them when the file begins with:',
    '  # yaml-language-server: $schema=paas.schema.json',
    'events describes the lines that deploy, rollback, scale, restart and delete print with --json.',
    'Keys that features of the platform (--platform) and of the app (.paas/features) add are in it.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> schema > paas.schema.json',
    '<%= config.bin %> schema platform > platform.schema.json',
    '<%= config.bin %> schema events > events.schema.json',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      options: ['paas', 'platform', 'events'],
      default: 'paas',
      description: 'whose schema',
    }),
  };
  static override flags = { file: appFlags.file, platform: appFlags.platform };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Schema);
    const path = join(this.config.root, 'schemas', `${args.file}.schema.json`);
    const published = JSON.parse(await readFile(path, 'utf8')) as SchemaNode;
    if (args.file === 'events') {
      process.stdout.write(`${JSON.stringify(published, null, 2)}\n`);
      return;
    }
    const schema = args.file === 'paas' ? await this.withOwnKeys(published, flags) : published;
    process.stdout.write(`${JSON.stringify(editorSchema(schema), null, 2)}\n`);
  }

  private async withOwnKeys(
    published: SchemaNode,
    flags: { readonly file: string; readonly platform: string | undefined },
  ): Promise<SchemaNode> {
    const { language } = await loadSurroundings({ ...flags, cwd: process.cwd() });
    return { ...published, definitions: { ...published.definitions, ...language.schema.definitions } };
  }
}
