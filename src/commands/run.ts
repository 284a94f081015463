import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { acceptFlags, appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor, guardCluster } from '../cli/session.ts';
import { runOnce } from '../deploy/run-once.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';
import { unknownComponent } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';

export default class Run extends PaasCommand {
  static override summary = 'Run a program once, in an instance like those of a component';
  static override description = [
    "With the image, variables, files and secrets that are deployed now. What stands behind -- takes the place of the component's command; without it, a job on demand runs as it is.",
    'What the program writes comes on stdout; its exit code is that of this command. Ctrl-C ends it.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> run repair',
    '<%= config.bin %> run web -- node tasks/clean.js --all',
    '<%= config.bin %> run web --env production -- printenv',
  ];
  static override args = { component: Args.string({ required: true, description: 'the component' }) };
  static override flags = { ...appFlags, ...clusterFlags, ...acceptFlags };
  // What follows is the program's.
  static override strict = false;

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(Run);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const known = app.components.map(({ name }) => name);
    const { component } = args;
    if (!known.includes(component)) fail(unknownComponent(component, known, nearest(component, known)));
    const cluster = connectFor(loaded, flags.context);
    await guardCluster(loaded, cluster, flags.file, flags['accept-new-cluster']);
    const code = await runOnce({
      cluster,
      owner: ownerOfApp(app),
      component,
      command: (argv as string[]).slice(1),
      signal: this.signal,
      write: (chunk) => (flags.json ? process.stderr : process.stdout).write(chunk),
    });
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      printJson({ component, exitCode: code }, process.stdout);
    }
    this.exitWith(code);
  }
}
