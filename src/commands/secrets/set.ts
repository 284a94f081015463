import { Args, Flags } from '@oclif/core';
import { PaasCommand } from '../../cli/base-command.ts';
import { acceptFlags, appFlags, clusterFlags } from '../../cli/flags.ts';
import { connectFor, guardCluster, noteCluster, targetOf } from '../../cli/session.ts';
import { storeSecret } from '../../deploy/store-secret.ts';
import { readValueFile, readValueStream } from '../../host/read-value.ts';
import { isSecretName } from '../../model/secret-name.ts';
import { loadApp } from '../../pipeline/load-app.ts';
import { isShared, ownerOfApp } from '../../plan/labels.ts';
import { declined } from '../../problems/deploy.ts';
import { fail } from '../../problems/problem.ts';
import { badSecretName, noValue } from '../../problems/usage.ts';

export default class SecretsSet extends PaasCommand {
  static override summary = 'Store a secret, as its newest version';
  static override description = [
    'The value comes from standard input (without the line feed at its end), a file or an environment variable; at a terminal it is asked for. It is never an argument, which everyone on the machine could see.',
    'The next deploy uses it: instances are renewed. Older versions stay as long as a release needs them.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> secrets set stripe_key < key.txt',
    '<%= config.bin %> secrets set stripe_key --from-env STRIPE_KEY --env production',
    '<%= config.bin %> secrets set tls_key --from-file server.key',
  ];
  static override args = {
    name: Args.string({ ignoreStdin: true, required: true, description: "the secret's name" }),
  };
  static override flags = {
    ...appFlags,
    ...clusterFlags,
    ...acceptFlags,
    'from-file': Flags.string({
      helpValue: 'FILE',
      description: 'take the value from a file, as it is',
      exclusive: ['from-env'],
    }),
    'from-env': Flags.string({
      helpValue: 'VARIABLE',
      description: 'take the value from an environment variable',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretsSet);
    if (!isSecretName(args.name)) fail(badSecretName(args.name));
    const loaded = await loadApp({ ...flags, cwd: process.cwd() });
    const { app } = loaded;
    const cluster = connectFor(loaded, flags.context);
    const value = await this.readValue(args.name, flags['from-file'], flags['from-env']);
    if (value.length === 0) fail(noValue());
    const identity = await guardCluster(loaded, cluster, flags.file, flags['accept-new-cluster']);
    await noteCluster(loaded, cluster, identity, flags.file);
    const secret = { name: args.name, value, sharedNamespace: isShared(app) };
    const version = await storeSecret(cluster, ownerOfApp(app), secret);
    if (flags.json) {
      const { printJson } = await import('../../terminal/json.ts');
      const { type: _, ...target } = targetOf(app, cluster);
      return printJson({ ...target, secret: { name: args.name, version } }, process.stdout);
    }
    process.stderr.write(
      `Stored ${args.name}, version ${version}, in ${app.environment.name} (cluster ${cluster.name}). The next deploy uses it.\n`,
    );
  }

  private async readValue(
    name: string,
    file: string | undefined,
    variable: string | undefined,
  ): Promise<Uint8Array> {
    if (file !== undefined) return readValueFile(file);
    if (variable !== undefined) return new TextEncoder().encode(process.env[variable] ?? '');
    if (!process.stdin.isTTY) return readValueStream(process.stdin);
    const { askHidden } = await import('../../terminal/ask.ts');
    const typed = await askHidden(`Value of ${name}`, process.stderr, this.signal);
    return typed === undefined ? fail(declined()) : new TextEncoder().encode(typed);
  }
}
