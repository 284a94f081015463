import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseApp } from '../cli/choose-app.ts';
import { acceptFlags, appOrNameFlags, clusterFlags } from '../cli/flags.ts';
import { freezeApp } from '../deploy/freeze.ts';
import { userAtHost } from '../host/this-process.ts';

export default class Lock extends PaasCommand {
  static override summary = 'Let nothing be changed in an environment for a while';
  static override description = [
    'Until paas unlock, deploys, rollbacks, scaling, restarts and deleting end with exit code 6, and say who locked it, when and why. What runs goes on running, a deploy that is under way too.',
    'This is not the lock that every deploy takes and gives back by itself.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> lock -m "moving the database, back at 15:00"',
    '<%= config.bin %> lock --env production -m "release freeze"',
    '<%= config.bin %> lock --app shop --env production -m "incident 412"',
  ];
  static override flags = {
    ...appOrNameFlags,
    ...clusterFlags,
    ...acceptFlags,
    message: Flags.string({ char: 'm', required: true, helpValue: 'TEXT', description: 'why' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Lock);
    const chosen = await chooseApp(flags, process.cwd(), this.signal);
    await this.announce(chosen.target);
    await chosen.guard(flags['accept-new-cluster']);
    const freeze = { by: userAtHost(), at: new Date().toISOString(), message: flags.message.trim() };
    await freezeApp(chosen.cluster, chosen.owner, freeze);
    if (flags.json) {
      const { printJson } = await import('../terminal/json.ts');
      const { type: _, ...where } = chosen.target;
      return printJson({ ...where, freeze }, process.stdout);
    }
    this.logToStderr(`${chosen.owner.environment} is locked until somebody says: paas unlock`);
  }
}
