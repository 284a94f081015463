import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { PaasCommand } from '../cli/base-command.ts';
import { appFlags } from '../cli/flags.ts';
import { askAt, cannotStartOf, checkGiven, gatherAnswers, suggestName } from '../cli/init-answers.ts';
import { fileText } from '../detect/file-text.ts';
import { canStart, type FoundApp } from '../detect/find-apps.ts';
import { type Proposal, propose } from '../detect/proposal.ts';
import { writeNewFile } from '../host/write-new-file.ts';
import { checkSource } from '../pipeline/check-file.ts';
import { loadRuntimesFor } from '../pipeline/load-runtimes.ts';
import { lookForApps } from '../pipeline/look-for-apps.ts';
import { loadSurroundings, type Surroundings } from '../pipeline/surroundings.ts';
import { declined } from '../problems/deploy.ts';
import { fileIsThere, severalApps } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';
import { askSeveral, askYesNo } from '../terminal/ask.ts';
import { printRest, printSeen, type SeenApp } from '../terminal/print-init.ts';

export default class Init extends PaasCommand {
  static override summary = 'Write a paas.yaml for the source in this folder';
  static override description = [
    'It looks at the source: language and framework, a Dockerfile, a Procfile, the port, the services behind it; and says which file told it what. At a terminal it asks for what is left, with answers filled in; each question has a flag, and --yes asks nothing.',
    'A platform team adds languages by folders: runtimes/NAME/runtime.yaml in its folder of features.',
  ].join('\n');
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --yes --registry registry.example.com/team --host shop.example.com',
    '<%= config.bin %> init --folder apps/web --folder apps/api',
    '<%= config.bin %> init --image registry.example.com/shop:1.4 --port 8080',
  ];
  static override flags = {
    file: appFlags.file,
    platform: appFlags.platform,
    name: Flags.string({ helpValue: 'NAME', description: "the app's name; by default that of the folder" }),
    folder: Flags.string({
      multiple: true,
      helpValue: 'FOLDER',
      description: 'where its source lies, where there are several apps; may be repeated',
      exclusive: ['image'],
    }),
    image: Flags.string({ helpValue: 'IMAGE', description: 'an image that is there, in place of source' }),
    port: Flags.integer({
      min: 1,
      max: 65_535,
      helpValue: 'PORT',
      description: 'the port that it listens on',
    }),
    command: Flags.string({ helpValue: 'COMMAND', description: 'what starts it, as one line' }),
    host: Flags.string({ helpValue: 'HOST', description: 'the host name that it is reached by' }),
    registry: Flags.string({
      helpValue: 'REGISTRY',
      description: 'where its images go, such as registry.example.com/team',
      exclusive: ['image'],
    }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
    force: Flags.boolean({ description: 'write it anew where there is one: what it says now is lost' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const cwd = process.cwd();
    const path = resolve(cwd, flags.file);
    checkGiven(flags);
    const asks = !flags.yes && !flags.json && Boolean(process.stdin.isTTY && process.stderr.isTTY);
    const anew = await this.mayWrite(path, flags.file, flags.force, asks);
    const around = await loadSurroundings({ ...flags, cwd });
    const apps = flags.image === undefined ? await this.chooseApps(path, flags, around, asks) : [];
    if (!flags.json) printSeen(apps.map(seenOf), process.stderr);

    const registryKnown = Object.keys(around.platform?.platform.registries ?? {}).length > 0;
    const suggested = {
      name: suggestName(basename(dirname(path))),
      registry: process.env.PAAS_REGISTRY,
      asksRegistry: !registryKnown,
    };
    const ask = asks ? askAt(process.stderr, this.signal) : undefined;
    const answers = await gatherAnswers(apps, flags, suggested, ask);
    const proposal = propose(apps, {
      ...answers,
      image: flags.image,
      registryKnown,
      renders: (type) => rendersService(type, around),
    });
    const text = fileText(proposal);
    const { problems } = checkSource({ path: flags.file, text }, undefined, around.platform, around.language);
    if (problems.length > 0) fail(...problems);
    await writeNewFile(path, text, flags.file, anew);
    await this.tell(proposal, apps, flags.file, flags.json);
  }

  /** Whether what is there may be lost: by --force, or by a yes. Ends the run where it may not. */
  private async mayWrite(path: string, shown: string, force: boolean, asks: boolean): Promise<boolean> {
    if (force || !existsSync(path)) return force;
    if (!asks) fail(fileIsThere(shown));
    const question = `There is a ${shown} already. Write it anew? What it says now is lost.`;
    return (await askYesNo(question, process.stderr, this.signal)) || fail(declined());
  }

  private async chooseApps(
    path: string,
    flags: {
      readonly folder?: string[] | undefined;
      readonly command?: string | undefined;
      readonly port?: number | undefined;
    },
    around: Surroundings,
    asks: boolean,
  ): Promise<readonly FoundApp[]> {
    const cwd = process.cwd();
    const base = dirname(path);
    const runtimes = await loadRuntimesFor(around, this.config.root, path, cwd);
    const named = (flags.folder ?? []).map((folder) => relative(base, resolve(cwd, folder)) || '.');
    const apps = await lookForApps(base, [...new Set(named)], runtimes, cwd);
    const chosen = named.length === 0 && apps.length > 1 ? await this.askWhich(apps, asks) : apps;
    if (chosen.length === 1) return chosen;
    if (flags.command !== undefined || flags.port !== undefined) {
      fail(badUsage('--command and --port are for one app.', 'Write those of each into the file.'));
    }
    const cannot = chosen.filter((app) => !canStart(app));
    if (cannot.length > 0) fail(...cannot.map(cannotStartOf));
    return chosen;
  }

  private async askWhich(apps: readonly FoundApp[], asks: boolean): Promise<readonly FoundApp[]> {
    const folders = apps.map(({ folder }) => folder);
    if (!asks) return fail(severalApps(folders));
    const choices = apps.map(({ folder, detected, dockerfile }) => {
      const what = detected?.seen[0]?.what ?? dockerfile?.file ?? '';
      return { value: folder, name: `${folder}  ${what}` };
    });
    const question = 'Which are components of this app';
    const chosen = (await askSeveral(question, choices, process.stderr, this.signal)) ?? fail(declined());
    return apps.filter(({ folder }) => chosen.includes(folder));
  }

  private async tell(
    proposal: Proposal,
    apps: readonly FoundApp[],
    file: string,
    json: boolean | undefined,
  ): Promise<void> {
    if (json) {
      const { printJson } = await import('../terminal/json.ts');
      const { name, registry, components, services } = proposal;
      return printJson(
        { file, app: name, registry, components, services, seen: apps.map(seenOf) },
        process.stdout,
      );
    }
    printRest(proposal, apps.map(seenOf), file, process.stderr);
    process.stdout.write(`${file}\n`);
  }
}

function seenOf({ folder, detected, dockerfile }: FoundApp): SeenApp {
  const seen = (detected?.seen ?? []).filter(
    ({ about }) => !dockerfile || !['command', 'build', 'port', 'tool', 'version'].includes(about),
  );
  const port =
    dockerfile?.port === undefined
      ? []
      : [{ what: `port ${dockerfile.port}`, where: dockerfile.portAt ?? dockerfile.file }];
  const built = dockerfile ? [{ what: 'built by a Dockerfile', where: dockerfile.file }, ...port] : [];
  // What starts it is the Dockerfile's own matter.
  const advice = dockerfile ? [] : (detected?.advice ?? []);
  return { folder, seen: [...built, ...seen], advice };
}

/** Whether a service of a type can be set up: the language says of what can't be yet. */
function rendersService(type: string, { language }: Surroundings): boolean {
  const { schema } = language;
  const service = schema.definitions?.service;
  const ofType = service?.properties?.type?.['x-not-yet-values'] ?? {};
  return !schema.properties?.services?.['x-not-yet'] && !Object.hasOwn(ofType, type);
}
