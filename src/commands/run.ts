import { Args } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseComponent } from '../cli/choose-component.ts';
import { commandWords } from '../cli/command-words.ts';
import { acceptFlags, appFlags, clusterFlags } from '../cli/flags.ts';
import { interruptCode } from '../cli/interrupt.ts';
import { connectFor, guardCluster } from '../cli/session.ts';
import { shieldLog } from '../cli/shield-log.ts';
import { runOnce } from '../instances/run-once.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Run extends PaasCommand {
  static override summary = 'Run a program once, in an instance like those of a component';
  static override description = [
    "With the image, variables, files and secrets that are deployed now. What stands behind -- takes the place of the component's command; without it, a job on demand runs as it is.",
    'At a terminal the program has it: keys, Ctrl-C, its size. Else what is piped in is its input, and Ctrl-C or SIGTERM tells it to stop, in the time that its component has for it.',
    'What it writes comes on stdout; its exit code is that of this command.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> run repair',
    '<%= config.bin %> run web -- node tasks/clean.js --all',
    '<%= config.bin %> run web --env production -- printenv',
    '<%= config.bin %> run web -- psql < dump.sql',
  ];
  static override args = {
    component: Args.string({ ignoreStdin: true, required: true, description: 'the component' }),
  };
  static override flags = { ...appFlags, ...clusterFlags, ...acceptFlags };
  // What follows is the program's.
  static override strict = false;

  async run(): Promise<void> {
    const { own, program } = commandWords(this.argv);
    const { args, argv, flags } = await this.parse(Run, own);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const { name: component } = chooseComponent(app, args.component);
    const { signal } = this;
    const cluster = connectFor(loaded, flags.context);
    await guardCluster(loaded, { ...cluster, signal }, flags.file, flags['accept-new-cluster']);
    const { localStreams } = await import('../cli/local-streams.ts');
    const streams = localStreams(flags.json);
    if (streams.terminal) {
      this.logToStderr(
        `${component} in ${app.environment.name}, cluster ${cluster.name}; no prompt? Press Enter.`,
      );
    }
    const unshield = shieldLog(process.env);
    const exitCode = await runOnce({
      cluster,
      owner: ownerOfApp(app),
      component,
      command: [...(argv as string[]).slice(1), ...program],
      streams,
      signal,
      stopping: () => this.logToStderr('\nThe program is told to stop (once more to leave it alone) …'),
    }).finally(() => {
      streams.leave();
      unshield();
    });
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      printJson({ component, exit_code: exitCode ?? null }, process.stdout);
    }
    this.exitWith(exitCode ?? interruptCode());
  }
}
