import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { exitCodeOf } from '../cli/exit-codes.ts';
import { appFlags } from '../cli/flags.ts';
import { inOrder } from '../model/gather-problems.ts';
import type { AppFile } from '../pipeline/app-file.ts';
import { checkFile, fixFile } from '../pipeline/check-file.ts';
import { checkPlatform } from '../pipeline/platform-file.ts';
import type { Problem } from '../problems/problem.ts';

export default class Validate extends PaasCommand {
  static override summary = 'Check paas.yaml, without a cluster';
  static override description = [
    'Tells everything that is wrong with the file, each with its place and the most likely fix; without --env in all of its environments.',
    'With --platform also what the platform team does not allow. paas validate platform checks the platform file itself.',
    'What the language can say and paas not do yet is told too. A page about a problem: paas explain CODE.',
    'Exit code 0: valid, 7: not.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> validate',
    '<%= config.bin %> validate --file deploy/paas.yaml --env staging',
    '<%= config.bin %> validate --fix',
    '<%= config.bin %> validate --platform ../platform.yaml',
    '<%= config.bin %> validate platform',
    '<%= config.bin %> validate --format github',
    '<%= config.bin %> validate --format gitlab > gl-code-quality-report.json',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      options: ['paas', 'platform'],
      default: 'paas',
      description: 'which file',
    }),
  };
  static override flags = {
    ...appFlags,
    fix: Flags.boolean({ description: 'repair in the file what is certain, such as a misspelt key' }),
    format: Flags.string({
      options: ['text', 'json', 'github', 'gitlab'],
      default: async () => (process.env.GITHUB_ACTIONS === 'true' ? 'github' : 'text'),
      defaultHelp: async () => 'github within GitHub Actions, else text',
      description: 'how problems are printed; json is the same as --json',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const format = flags.json ? 'json' : flags.format;
    if (args.file === 'platform') return this.validatePlatform(flags.platform || 'platform.yaml', format);
    const appFile = { ...flags, cwd: process.cwd() };
    if (flags.fix) await this.fix(appFile);
    const { apps, problems, notYet, source } = await checkFile(appFile, this.config.root);
    const all = inOrder([...problems, ...notYet], source.path);
    this.exitWith(exitCodeOf(all));
    if (format === 'json') {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      const built = apps.map(({ app }) => app);
      const body = all.length > 0 ? {} : { app: built[0], apps: built };
      return printJson({ ...body, problems: all.map(problemToJson) }, process.stdout);
    }
    await print(all, format, flags.file);
    if (all.length > 0 || format === 'gitlab') return;
    const [first] = apps;
    const count = first?.app.components.length ?? 0;
    const names = apps.map(({ app }) => app.environment.name).join(', ');
    this.log(
      `${flags.file} is valid: ${first?.app.name}, ${count} ${count === 1 ? 'component' : 'components'}, environment${apps.length > 1 ? 's' : ''} ${names}.`,
    );
  }

  private async validatePlatform(file: string, format: string): Promise<void> {
    const { file: read, problems, notYet } = await checkPlatform(file, process.cwd());
    this.exitWith(exitCodeOf(problems));
    if (format === 'json') {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      const body = { ...(read && { platform: read.platform }), problems: problems.map(problemToJson) };
      return printJson({ ...body, not_yet: notYet.map(problemToJson) }, process.stdout);
    }
    await print(problems, format, file);
    if (!read || format === 'gitlab') return;
    this.log(`${file} is valid.`);
    // Nothing that an app may ask for depends on it yet: no reason to refuse the file.
    for (const { message } of notYet) this.log(`Without effect: ${message}`);
  }

  private async fix(appFile: AppFile): Promise<void> {
    for (const { message, fix } of await fixFile(appFile)) {
      process.stderr.write(`fixed: ${message} Now: ${fix?.text.trim() === '' ? 'spaces' : fix?.text}\n`);
    }
  }
}

/** Problems for people and for CI servers. GitHub reads standard output; people still get the whole. */
async function print(problems: readonly Problem[], format: string, file: string): Promise<void> {
  if (problems.length > 0) {
    const { printProblems } = await import('../terminal/print-problems.ts');
    printProblems(problems, process.stderr);
  }
  if (format === 'github' || format === 'gitlab') {
    const { toGithub, toGitlab } = await import('../terminal/annotations.ts');
    process.stdout.write(format === 'github' ? toGithub(problems) : toGitlab(problems, file));
  }
}
