import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { chooseComponent } from '../cli/choose-component.ts';
import { appFlags, clusterFlags } from '../cli/flags.ts';
import { connectFor } from '../cli/session.ts';
import { openPort } from '../instances/open-port.ts';
import { loadApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';
import { publicAddresses } from '../plan/public-addresses.ts';
import { noPort } from '../problems/instances.ts';
import { fail } from '../problems/problem.ts';

export default class Open extends PaasCommand {
  static override summary = "Make a component's port reachable on this machine, and print the address";
  static override description = [
    'Connections lead to an instance that runs; when it goes, the next ones lead to another. Ctrl-C ends it, with exit code 0.',
    'Where the component has routes, their addresses are printed too; --print prints those alone.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> open',
    '<%= config.bin %> open web --port 8080',
    '<%= config.bin %> open web --env production --print',
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
    port: Flags.integer({
      default: 0,
      defaultHelp: async () => 'any that is free',
      min: 0,
      max: 65_535,
      helpValue: 'N',
      description: 'the local port',
    }),
    print: Flags.boolean({ description: 'print the addresses of its routes, and end' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Open);
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const component = chooseComponent(app, args.component);
    const { name, port } = component;
    const routes = publicAddresses(app, component);
    if (flags.print) {
      if (flags.json) return this.printJson({ component: name, routes });
      for (const route of routes) process.stdout.write(`${route}\n`);
      if (routes.length === 0)
        this.logToStderr(`${name} has no routes: without --print it is reachable here.`);
      return;
    }
    if (port === undefined) fail(noPort(name));
    const cluster = connectFor(loaded, flags.context, this.signal);
    const opened = await openPort(cluster, ownerOfApp(app), {
      component: name,
      port,
      local: flags.port,
      signal: this.signal,
      tell: (words) => this.logToStderr(words),
    });
    const scheme = component.ports[0]?.protocol.startsWith('http') ? 'http' : 'tcp';
    const address = `${scheme}://127.0.0.1:${opened.port}`;
    if (flags.json) await this.printJson({ component: name, address, port: opened.port, routes });
    else {
      process.stdout.write(`${address}\n`);
      for (const route of routes) this.logToStderr(`its route: ${route}`);
      this.logToStderr(
        `This is ${name} in ${app.environment.name}, cluster ${cluster.name}; Ctrl-C ends it.`,
      );
    }
    await opened.ended;
    // It was there until it was told to end: nothing went wrong.
    this.exitWith(0);
  }

  private async printJson(body: object): Promise<void> {
    const { printJson } = await import('../terminal/json.ts');
    printJson(body, process.stdout);
  }
}
