import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { initApp } from '../cli/init-app.ts';
import { questionsAt } from '../cli/init-questions.ts';
import { printRest, printSeen, proposalAsJson } from '../terminal/print-init.ts';

export default class Init extends PaasCommand {
  static override summary = 'Write a paas.yaml for the source in this folder';
  static override description = [
    'It looks at the source: language and framework, a Dockerfile, a Procfile, the port, the services behind it; and says which file told it what. At a terminal it asks for what is left, with answers filled in; each question has a flag, and --yes asks nothing.',
    'A platform team adds languages by folders: runtimes/NAME/runtime.yaml in its folder of features.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --yes --registry registry.example.com/team --host shop.example.com',
    '<%= config.bin %> init --folder apps/web --folder apps/api',
    '<%= config.bin %> init --image registry.example.com/shop:1.4 --port 8080',
  ];
  static override flags = {
    file: appFlags.file,
    platform: appFlags.platform,
    name: Flags.string({ helpValue: 'NAME', description: "the app's name; by default that of the folder" }),
    folder: Flags.string({
      multiple: true,
      helpValue: 'FOLDER',
      description: 'where its source lies, where there are several apps; may be repeated',
      exclusive: ['image'],
    }),
    image: Flags.string({ helpValue: 'IMAGE', description: 'an image that is there, in place of source' }),
    port: Flags.integer({
      min: 1,
      max: 65_535,
      helpValue: 'PORT',
      description: 'the port that it listens on',
    }),
    command: Flags.string({ helpValue: 'COMMAND', description: 'what starts it, as one line' }),
    host: Flags.string({ helpValue: 'HOST', description: 'the host name that it is reached by' }),
    registry: Flags.string({
      helpValue: 'REGISTRY',
      description: 'where its images go, such as registry.example.com/team',
    }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
    force: Flags.boolean({ description: 'write it anew where there is one: what it says now is lost' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const asks = !flags.yes && !flags.json && process.stdin.isTTY && process.stderr.isTTY;
    const { proposal, apps } = await initApp(flags, {
      cwd: process.cwd(),
      root: this.config.root,
      registry: process.env.PAAS_REGISTRY,
      questions: asks ? questionsAt(process.stderr, this.signal) : undefined,
      saw: (seen) => {
        if (!flags.json) printSeen(seen, process.stderr);
      },
    });
    const { file } = flags;
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      return printJson({ file, ...proposalAsJson(proposal), seen: apps }, process.stdout);
    }
    printRest(proposal, apps, file, process.stderr);
    process.stdout.write(`${file}\n`);
  }
}
