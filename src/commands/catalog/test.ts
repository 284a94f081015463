import { basename, relative, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { readExamples } from '../../catalog/read-examples.ts';
import { PaasCommand } from '../../cli/base-command.ts';
import { writeSource } from '../../host/write-source.ts';
import { loadPlan } from '../../pipeline/load-plan.ts';
import { assumedInputs } from '../../plan/assumed-inputs.ts';
import { planToYaml } from '../../plan/to-yaml.ts';
import { fail, type Problem } from '../../problems/problem.ts';
import { exampleDiffers, noExamples } from '../../problems/usage.ts';

export default class CatalogTest extends PaasCommand {
  static override summary = "Render a feature's examples, and compare them with what was noted";
  static override description =
    'Each folder in examples/ of the feature has a paas.yaml; what it renders to is compared with expected.yaml beside it. --update notes what it renders to now: read the difference.';
  static override examples = [
    '<%= config.bin %> catalog test .paas/features/nightly-report',
    '<%= config.bin %> catalog test platform/features/contact --update',
  ];
  static override args = {
    folder: Args.string({ ignoreStdin: true, required: true, description: "the feature's folder" }),
  };
  static override flags = {
    update: Flags.boolean({ description: 'note what the examples render to now' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CatalogTest);
    const folder = resolve(args.folder);
    const examples = await readExamples(folder);
    if (examples.length === 0) fail(noExamples(args.folder));
    const problems: Problem[] = [];
    const passed: string[] = [];
    for (const { name, file, expectedFile, expected } of examples) {
      const rendered = await this.render(file, folder);
      if (flags.update) await writeSource(expectedFile, rendered);
      if (flags.update || rendered === expected) passed.push(name);
      else
        problems.push(exampleDiffers(name, relative(process.cwd(), expectedFile), expected ?? '', rendered));
    }
    if (problems.length > 0) fail(...problems);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      return printJson({ feature: basename(folder), passed }, process.stdout);
    }
    for (const name of passed) process.stdout.write(`${flags.update ? 'noted' : 'passed'} ${name}\n`);
  }

  /** The example with this feature and the built-in ones alone. */
  private async render(file: string, feature: string): Promise<string> {
    const around = { file, env: undefined, cwd: process.cwd(), feature };
    const { app, planFor } = await loadPlan(around, this.config.root);
    return planToYaml(planFor(assumedInputs(app).inputs));
  }
}
