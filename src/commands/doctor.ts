import { PaasCommand } from '../cli/base-command.ts';
import { checkImages } from '../cli/check-images.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { acceptFlags, appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor, guardCluster, targetOf } from '../cli/session.ts';
import { type Check, notChecked, outcome } from '../observe/doctor/check.ts';
import { examine } from '../observe/doctor/doctor.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { neededSecrets, placeOfComponent } from '../pipeline/places.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Doctor extends PaasCommand {
  static override summary = 'Look whether a deploy can succeed, before there is one';
  static override description = [
    'Rights, kinds, secrets and their keys, quotas, storage, nodes, host names, images and their architecture. Nothing is written; what may not be read is said to be not checked.',
    'Exit codes: 0 nothing is in the way, 8 something is.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --env production',
    '<%= config.bin %> doctor --json | jq \'.checks[] | select(.state == "problem")\'',
  ];
  static override flags = { ...appFlags, ...clusterFlags, ...acceptFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const built = await loadPlan({ ...flags, cwd: process.cwd() }, this.config.root);
    const { app } = built;
    const cluster = connectFor(built, flags.context, this.signal);
    await guardCluster(built, cluster, flags.file, flags['accept-new-cluster']);
    const { images = {} } = assumedInputs(app).inputs;
    const [checks, seen] = await Promise.all([
      examine({
        cluster,
        owner: ownerOfApp(app),
        planFor: (secrets) => built.planFor({ release: 1, secrets, images }),
        needed: neededSecrets(built),
        mayCreateNamespace: app.environment.namespaces?.create ?? true,
        placeOf: (component, key) => placeOfComponent(built, component, key),
      }),
      checkImages(built, cluster, process.env, this.signal),
    ]);
    const all: Check[] = [...checks, imagesCheck(seen)];
    const target = targetOf(app, cluster);
    if (flags.json) {
      const { printJson, problemToJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = target;
      const listed = all.map(({ problems = [], ...check }) => ({
        ...check,
        problems: problems.map(problemToJson),
      }));
      printJson({ ...where, checks: listed }, process.stdout);
    } else {
      const { printChecks } = await import('../terminal/print-checks.ts');
      printChecks(target, all, process.stdout);
    }
    if (all.some(({ state }) => state === 'problem')) this.exitWith(exitCodes.refused);
  }
}

function imagesCheck({ count, problems, open }: Awaited<ReturnType<typeof checkImages>>): Check {
  if (problems.length === 0 && open.length > 0) return notChecked('images', open.join(' '));
  const words = count === 0 ? 'none is named' : 'all there, for the nodes of the cluster';
  return outcome('images', problems, words);
}
