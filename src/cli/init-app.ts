import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Seen } from '../detect/detected.ts';
import { fileText } from '../detect/file-text.ts';
import { canStart, type FoundApp } from '../detect/find-apps.ts';
import { type Proposal, propose } from '../detect/proposal.ts';
import { writeNewFile } from '../host/write-new-file.ts';
import { checkSource } from '../pipeline/check-file.ts';
import { loadRuntimesFor } from '../pipeline/load-runtimes.ts';
import { lookForApps } from '../pipeline/look-for-apps.ts';
import { loadSurroundings, type Surroundings } from '../pipeline/surroundings.ts';
import { fileIsThere, severalApps } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';
import { cannotStartOf, checkGiven, type Given, gatherAnswers, suggestName } from './init-answers.ts';
import type { Questions } from './init-questions.ts';

/** What `paas init` is told on the command line. */
export interface InitFlags extends Given {
  readonly file: string;
  readonly platform: string | undefined;
  readonly folder?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
}

/** Where and how it runs. */
export interface InitPlace {
  readonly cwd: string;
  /** The folder of this program. */
  readonly root: string;
  /** PAAS_REGISTRY: an answer to begin with. */
  readonly registry: string | undefined;
  /** A person at a terminal; undefined: nothing is asked. */
  readonly questions: Questions | undefined;
  /** Is told what was seen, before anything is asked. */
  readonly saw: (apps: readonly SeenApp[]) => void;
}

/** What was seen of an app, and where. */
export interface SeenApp {
  readonly folder: string;
  readonly seen: readonly Seen[];
  readonly advice: readonly string[];
}

/** Writes a paas.yaml for a source, and gives what it says. Throws a PaasError. */
export async function initApp(
  flags: InitFlags,
  place: InitPlace,
): Promise<{ readonly proposal: Proposal; readonly apps: readonly SeenApp[] }> {
  const { cwd, questions } = place;
  const path = resolve(cwd, flags.file);
  checkGiven(flags);
  const anew = await mayWrite(path, flags, questions);
  const around = await loadSurroundings({ ...flags, cwd });
  const found = flags.image === undefined ? await chooseApps(path, flags, around, place) : [];
  const apps = found.map(seenOf);
  place.saw(apps);

  const registryKnown = Object.keys(around.platform?.platform.registries ?? {}).length > 0;
  const suggested = {
    name: suggestName(basename(dirname(path))),
    registry: place.registry,
    asksRegistry: !registryKnown,
  };
  const proposal = propose(found, {
    ...(await gatherAnswers(found, flags, suggested, questions?.text)),
    image: flags.image,
    registryKnown,
    renders: (type) => rendersService(type, around),
  });
  const text = fileText(proposal);
  const { problems } = checkSource({ path: flags.file, text }, undefined, around.platform, around.language);
  if (problems.length > 0) fail(...problems);
  await writeNewFile(path, text, flags.file, anew);
  return { proposal, apps };
}

/** Whether what is there may be lost: by --force, or by a yes. Ends the run where it may not. */
async function mayWrite(
  path: string,
  { file, force = false }: InitFlags,
  questions: Questions | undefined,
): Promise<boolean> {
  if (force || !existsSync(path)) return force;
  if (!questions) return fail(fileIsThere(file));
  await questions.confirm(`There is a ${file} already. Write it anew? What it says now is lost.`);
  return true;
}

async function chooseApps(
  path: string,
  { folder = [], command, port }: InitFlags,
  around: Surroundings,
  { cwd, root, questions }: InitPlace,
): Promise<readonly FoundApp[]> {
  const base = dirname(path);
  const runtimes = await loadRuntimesFor(around, root, path, cwd);
  const named = new Set(folder.map((one) => relative(base, resolve(cwd, one)) || '.'));
  const apps = await lookForApps(base, [...named], runtimes, cwd);
  const chosen = named.size === 0 && apps.length > 1 ? await askWhich(apps, questions) : apps;
  if (chosen.length === 1) return chosen;
  if (command !== undefined || port !== undefined) {
    fail(badUsage('--command and --port are for one app.', 'Write those of each into the file.'));
  }
  const cannot = chosen.filter((app) => !canStart(app));
  if (cannot.length > 0) fail(...cannot.map(cannotStartOf));
  return chosen;
}

async function askWhich(
  apps: readonly FoundApp[],
  questions: Questions | undefined,
): Promise<readonly FoundApp[]> {
  if (!questions) return fail(severalApps(apps.map(({ folder }) => folder)));
  const choices = apps.map(({ folder, detected, dockerfile }) => {
    const what = detected?.seen[0]?.what ?? dockerfile?.file ?? '';
    return { value: folder, name: `${folder}  ${what}` };
  });
  const chosen = await questions.several('Which are components of this app', choices);
  return apps.filter(({ folder }) => chosen.includes(folder));
}

/** What a Dockerfile decides isn't told of the source. */
const ofTheBuild: readonly Seen['about'][] = ['command', 'build', 'output', 'port', 'tool', 'version'];

function seenOf({ folder, detected, dockerfile }: FoundApp): SeenApp {
  const { seen = [], advice = [] } = detected ?? {};
  if (!dockerfile) return { folder, seen, advice };
  const { file, port, portAt = file } = dockerfile;
  const built: Seen = { about: 'build', what: `built by its ${file}`, where: file };
  const listens: Seen[] = port === undefined ? [] : [{ about: 'port', what: `port ${port}`, where: portAt }];
  const others = seen.filter(({ about }) => !ofTheBuild.includes(about));
  return { folder, seen: [built, ...listens, ...others], advice: [] };
}

/** Whether a service of a type can be set up: the language says of what can't be yet. */
function rendersService(type: string, { language }: Surroundings): boolean {
  const { schema } = language;
  const ofType = schema.definitions?.service?.properties?.type?.['x-not-yet-values'] ?? {};
  return !schema.properties?.services?.['x-not-yet'] && !Object.hasOwn(ofType, type);
}
