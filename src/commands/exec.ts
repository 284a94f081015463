import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseComponent } from '../cli/choose-component.ts';
import { commandWords } from '../cli/command-words.ts';
import { acceptFlags, appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor, guardCluster } from '../cli/session.ts';
import { shieldLog } from '../cli/shield-log.ts';
import { chooseInstance } from '../instances/choose-instance.ts';
import { exec } from '../instances/exec.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';

export default class Exec extends PaasCommand {
  static override summary = 'Run a program in a running instance; without one, a shell';
  static override description = [
    'At a terminal the program has it: keys, Ctrl-C, its size. Else what is piped in is its input. Its exit code is that of this command.',
    'Without a terminal, Ctrl-C ends the connection alone: Kubernetes passes no signals on, and a program that reads nothing may go on.',
    'What it changes is gone with the instance. A program of its own, beside those that serve: paas run.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> exec',
    '<%= config.bin %> exec web -- printenv PATH',
    '<%= config.bin %> exec web --env production -- tar -c /data > data.tar',
    '<%= config.bin %> exec web --instance web-7d9c5f6b8-x2x4q -- ls /tmp',
  ];
  static override args = {
    component: Args.string({
      ignoreStdin: true,
      description: 'the component; needed where several keep running',
    }),
  };
  static override flags = {
    ...appFlags,
    ...clusterFlags,
    ...acceptFlags,
    instance: Flags.string({
      helpValue: 'NAME',
      description: 'this instance (paas logs names them); else a ready one, the newest',
    }),
  };
  static override strict = false;

  async run(): Promise<void> {
    const { own, program } = commandWords(this.argv);
    const { argv, args, flags } = await this.parse(Exec, own);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const component = chooseComponent(app, args.component);
    const cluster = connectFor(loaded, flags.context, this.signal);
    await guardCluster(loaded, cluster, flags.file, flags['accept-new-cluster']);
    const owner = ownerOfApp(app);
    const container = await chooseInstance(cluster, owner, component.name, flags.instance);
    const command = [...(argv as string[]).slice(1), ...program];
    const { localStreams } = await import('../cli/local-streams.ts');
    const streams = localStreams(flags.json);
    if (streams.terminal) {
      this.logToStderr(`${container.pod} in ${app.environment.name}, cluster ${cluster.name}`);
    }
    const unshield = shieldLog(process.env);
    const exitCode = await exec(cluster, container, command, streams, this.signal).finally(() => {
      streams.leave();
      unshield();
    });
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      printJson({ component: component.name, instance: container.pod, exit_code: exitCode }, process.stdout);
    }
    this.exitWith(exitCode);
  }
}
