import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseApp } from '../cli/choose-app.ts';
import { appOrNameFlags, clusterFlags, readDuration } from '../cli/flags.ts';
import { interruptCode, outputClosed } from '../cli/interrupt.ts';
import { shieldLog } from '../cli/shield-log.ts';
import { readLogs } from '../observe/logs.ts';
import { unknownComponent } from '../problems/deploy.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';

export default class Logs extends PaasCommand {
  static override summary = 'Print the logs of all instances, in order of time';
  static override description =
    'What the programs wrote, as they wrote it: values of secrets in it are shown too. In what paas stores, such as why a release failed, they are hidden.';
  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs web --follow',
    '<%= config.bin %> logs web --app shop --env production',
    '<%= config.bin %> logs web --since 10min --tail 1000 --json',
  ];
  static override args = {
    component: Args.string({ ignoreStdin: true, description: 'one component; all of them when left out' }),
  };
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    follow: Flags.boolean({ description: 'go on printing what comes' }),
    tail: Flags.integer({
      default: 100,
      min: 0,
      helpValue: 'N',
      description: 'the last N lines of each instance',
    }),
    since: Flags.custom<number>({
      helpValue: 'TIME',
      description: 'only what is newer, such as 10min',
      parse: async (text) => readDuration(text),
    })(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Logs);
    const { reading: cluster, owner, components: known } = await chooseApp(flags, process.cwd(), this.signal);
    const { component } = args;
    if (component && known && !known.includes(component))
      fail(unknownComponent(component, known, nearest(component, known)));
    const { formatNotice, printLog } = await import('../terminal/print-log.ts');
    const lines = readLogs(cluster, owner, {
      ...flags,
      component,
      since: flags.since,
      tell: (notice) => this.logToStderr(formatNotice(notice)),
      signal: AbortSignal.any([this.signal, outputClosed]),
    });
    const unshield = shieldLog(process.env);
    const printed = await printLog(lines, flags.json, process.stdout).finally(unshield);
    if (this.signal.aborted) this.exitWith(interruptCode());
    else if (printed === 0 && !flags.json && !flags.follow) {
      this.logToStderr(
        `No lines: ${component ?? owner.app} has no instance in ${owner.environment} that has written any.`,
      );
    }
  }
}
