import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { exitCodeOf } from '../cli/exit-codes.ts';
import { appFlags } from '../cli/flags.ts';
import { type AppFile, checkFile, checkPlatform, fixFile } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';

export default class Validate extends PaasCommand {
  static override summary = 'Check paas.yaml, without a cluster';
  static override description = [
    'Tells everything that is wrong with the file, each with its place and the most likely fix; without --env in all of its environments.',
    'What the language can say and paas not do yet is told too. A page about a problem: paas explain CODE.',
    'Exit code 0: valid, 7: not.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> validate',
    '<%= config.bin %> validate --file deploy/paas.yaml --env staging',
    '<%= config.bin %> validate --fix',
    '<%= config.bin %> validate --platform platform.yaml',
    '<%= config.bin %> validate --format github',
    '<%= config.bin %> validate --format gitlab > gl-code-quality-report.json',
  ];
  static override flags = {
    ...appFlags,
    platform: Flags.string({
      helpValue: 'FILE',
      description: "check a platform team's file instead; render and deploy don't read one yet",
    }),
    fix: Flags.boolean({ description: 'repair in the file what is certain, such as a misspelt key' }),
    format: Flags.string({
      options: ['text', 'json', 'github', 'gitlab'],
      default: async () => (process.env.GITHUB_ACTIONS === 'true' ? 'github' : 'text'),
      defaultHelp: async () => 'github within GitHub Actions, else text',
      description: 'how problems are printed; json is the same as --json',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    const format = flags.json ? 'json' : flags.format;
    if (flags.platform !== undefined) return this.validatePlatform(flags.platform, format);
    const appFile = { ...flags, cwd: process.cwd() };
    if (flags.fix) await this.fix(appFile);
    const { apps, problems, notYet } = await checkFile(appFile);
    const all = [...problems, ...notYet].sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0));
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
    const { platform, problems } = await checkPlatform(file, process.cwd());
    this.exitWith(exitCodeOf(problems));
    if (format === 'json') {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      return printJson(
        { ...(platform && { platform }), problems: problems.map(problemToJson) },
        process.stdout,
      );
    }
    await print(problems, format, file);
    if (platform && format !== 'gitlab') {
      this.log(`${file} is valid. What it says is checked only: render and deploy don't read it yet.`);
    }
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
