import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { consentOf } from '../cli/consent.ts';
import { exitCodeOf, exitCodes } from '../cli/exit-codes.ts';
import { acceptFlags, appFlags, clusterFlags, consentFlags, imageFlag } from '../cli/flags.ts';
import { lookAtImages } from '../cli/prepare-images.ts';
import { connectFor, guardCluster, targetOf } from '../cli/session.ts';
import { mayCreateNamespace, whoAndFrom } from '../cli/who.ts';
import { readDiff } from '../deploy/read-diff.ts';
import type { SavedPlan } from '../deploy/saved-plan.ts';
import { writePlanFile } from '../host/plan-file.ts';
import { describeDiff } from '../observe/diff.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { neededSecrets } from '../pipeline/places.ts';
import { planNotBuilt } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';

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
    image: imageFlag,
    ...consentFlags,
    markdown: Flags.boolean({ exclusive: ['json'], description: 'for a comment on a pull request' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Diff);
    const consent = consentOf(flags);
    const images = flags.image;
    const built = await loadPlan({ ...flags, images, cwd: process.cwd() }, this.config.root);
    if (flags.out !== undefined) {
      const unbuilt = built.app.components.filter(({ image }) => image === '').map(({ name }) => name);
      if (unbuilt.length > 0) fail(planNotBuilt(unbuilt));
    }
    const cluster = connectFor(built, flags.context, this.signal);
    const guarded = guardCluster(built, cluster, flags.file, flags['accept-new-cluster']);
    // Told where it is waited for.
    guarded.catch(() => {});
    const looked = await lookAtImages(built, { env: process.env, signal: this.signal });
    const reading = readDiff({
      cluster,
      images: looked.inputs,
      planFor: built.planFor,
      secrets: neededSecrets(built),
      consent,
      tool: this.config.version,
      source: built.source,
    });
    reading.catch(() => {});
    // Whatever else goes wrong on a cluster that isn't the one that is meant, that is what is said.
    const identity = await guarded;
    const diff = await reading;
    if (flags.out !== undefined) {
      const { plan, seen, secrets, sizes } = diff;
      const at = new Date().toISOString();
      const saved: SavedPlan = {
        version: 1,
        at,
        ...(await whoAndFrom(built, flags.file, images, this.config.version, process.env)),
        cluster: {
          server: cluster.server,
          ...(identity.uid !== undefined && { uid: identity.uid }),
          ...(identity.ca !== undefined && { ca: identity.ca }),
        },
        may_create_namespace: mayCreateNamespace(built),
        recreate: consent.recreate,
        take_over: consent.takeOver,
        secrets,
        seen,
        ...(Object.keys(sizes).length > 0 && { sizes }),
        plan,
      };
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
