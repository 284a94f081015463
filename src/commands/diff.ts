import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { exitCodeOf, exitCodes } from '../cli/exit-codes.ts';
import { acceptFlags, appFlags, clusterFlags } from '../cli/flags.ts';
import { lookAtImages } from '../cli/prepare-images.ts';
import { connectFor, guardCluster, targetOf } from '../cli/session.ts';
import { readDiff } from '../deploy/read-diff.ts';
import type { SavedPlan } from '../deploy/saved-plan.ts';
import { writePlanFile } from '../host/plan-file.ts';
import { userAtHost } from '../host/this-process.ts';
import { describeDiff } from '../observe/diff.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { neededSecrets } from '../pipeline/places.ts';

export default class Diff extends PaasCommand {
  static override summary = 'Show what a deploy would change, and what others changed since the last one';
  static override description = [
    'What the file says otherwise than the last release, and how the cluster drifted from that, apart: by whom, when, and what a deploy does about it. Nothing is written.',
    'Exit codes: 0 nothing to change, 2 changes are pending, 8 the cluster would refuse them.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> diff',
    '<%= config.bin %> diff --env production --markdown',
    '<%= config.bin %> diff --out plan.json && <%= config.bin %> deploy --plan plan.json',
  ];
  static override flags = {
    ...appFlags,
    ...clusterFlags,
    ...acceptFlags,
    out: Flags.string({ helpValue: 'FILE', description: 'keep the plan, for paas deploy --plan FILE' }),
    markdown: Flags.boolean({ exclusive: ['json'], description: 'for a comment on a pull request' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Diff);
    const built = await loadPlan({ ...flags, cwd: process.cwd() }, this.config.root);
    const cluster = connectFor(built, flags.context, this.signal);
    const identity = await guardCluster(built, cluster, flags.file, flags['accept-new-cluster']);
    const by = { by: userAtHost(), tool: this.config.version, source: built.source() };
    const looked = await lookAtImages(built, { env: process.env, signal: this.signal });
    const images = looked.inputs;
    const diff = await readDiff({
      cluster,
      images,
      planFor: built.planFor,
      secrets: neededSecrets(built),
      by,
    });
    if (flags.out !== undefined) {
      const { plan, seen, secrets } = diff;
      const at = new Date().toISOString();
      const saved: SavedPlan = { version: 1, at, ...by, cluster: identity, secrets, seen, plan };
      await writePlanFile(flags.out, saved);
    }
    const target = targetOf(built.app, cluster);
    const report = describeDiff(diff);
    if (flags.json) {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = target;
      printJson({ ...where, ...report, problems: report.problems.map(problemToJson) }, process.stdout);
    } else {
      const { printDiff, diffToMarkdown } = await import('../terminal/print-diff.ts');
      if (flags.markdown) process.stdout.write(diffToMarkdown(target, report, Date.now()));
      else printDiff(target, report, Date.now(), process.stdout);
      const { printProblems } = await import('../terminal/print-problems.ts');
      if (report.problems.length > 0) printProblems(report.problems, process.stderr);
    }
    const code = report.problems.length > 0 ? exitCodeOf(report.problems) : undefined;
    this.exitWith(code ?? (report.pending ? exitCodes.changesPending : exitCodes.done));
  }
}
