import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';

export default class Render extends PaasCommand {
  static override summary = 'Print the Kubernetes manifests that paas.yaml becomes';
  static override description =
    'Needs no cluster. The same file gives the same bytes. The manifests may be applied by any tool: paas render | kubectl apply -f -';
  static override examples = [
    '<%= config.bin %> render',
    '<%= config.bin %> render --env production > production.yaml',
    '<%= config.bin %> render --json',
  ];
  static override flags = { ...appFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Render);
    const { app, planFor } = await loadPlan({ ...flags, cwd: process.cwd() }, this.config.root);
    const assumed = assumedInputs(app);
    const plan = planFor(assumed.inputs);
    for (const line of assumed.lines) process.stderr.write(`${line}\n`);
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      return printJson({ plan, assumed: assumed.inputs }, process.stdout);
    }
    const { planToYaml } = await import('../plan/to-yaml.ts');
    process.stdout.write(planToYaml(plan));
  }
}
