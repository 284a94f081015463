import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseComponent } from '../cli/choose-component.ts';
import { appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor, targetOf } from '../cli/session.ts';
import { readVariables } from '../observe/variables.ts';
import { loadPlan } from '../pipeline/load-plan.ts';
import { placeOfVariable } from '../pipeline/variable-places.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Env extends PaasCommand {
  static override summary = 'Show the variables that a component gets, and where each comes from';
  static override description =
    'As they are deployed, with what the file says otherwise by now. What stands in secrets is never read; passwords in URLs are hidden.';
  static override examples = [
    '<%= config.bin %> env',
    '<%= config.bin %> env web --env production',
    '<%= config.bin %> env web --json | jq \'.variables[] | select(.next != "same")\'',
  ];
  static override args = {
    component: Args.string({
      ignoreStdin: true,
      description: 'the component; needed where several keep running',
    }),
  };
  static override flags = { ...appFlags, ...clusterFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Env);
    const loaded = await loadPlan({ ...flags, cwd: process.cwd() }, this.config.root);
    const { app, planFor } = loaded;
    const component = chooseComponent(app, args.component);
    const cluster = connectFor(loaded, flags.context, this.signal);
    const { release, variables } = await readVariables(cluster, ownerOfApp(app), component.name, planFor);
    const shown = variables.map((one) => ({ ...one, from: placeOfVariable(loaded, component, one.name) }));
    const { printVariables, variablesAsJson } = await import('../terminal/print-variables.ts');
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      const { type: _, ...target } = targetOf(app, cluster);
      const body = { component: component.name, release: release ?? null, variables: variablesAsJson(shown) };
      return printJson({ ...target, ...body }, process.stdout);
    }
    printVariables(component.name, { release }, shown, process.stdout);
  }
}
