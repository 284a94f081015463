import type { Answer, Framework, Runtime } from '../catalog/runtime.ts';
import { type Answered, everyAnswer, firstAnswer, type NameOf } from './answer.ts';
import { readDependencies } from './dependencies.ts';
import { type Answers, describeSeen, textOf } from './describe-seen.ts';
import type { Detected } from './detected.ts';
import { findServices } from './find-services.ts';
import { allHold, type Found, firstFound, type Looking } from './look.ts';
import { type Process, readProcfile } from './procfile.ts';
import { shellWords } from './shell-words.ts';
import { readSourceFolder, type SourceFolder } from './source-folder.ts';

/**
 * What a folder of source is, by each runtime that knows it: the most likely first, none where no runtime does.
 * Paths are shown as seen from `cwd`. Throws a PaasError where a file that would tell is broken.
 */
export async function detect(
  folder: string,
  runtimes: readonly Runtime[],
  cwd = folder,
): Promise<Detected[]> {
  return detectIn(await readSourceFolder(folder, cwd), runtimes);
}

/** The same of a folder whose files are known. */
export async function detectIn(source: SourceFolder, runtimes: readonly Runtime[]): Promise<Detected[]> {
  const procfile = await readProcfile(source);
  const all = await Promise.all(runtimes.map((runtime) => detectOne(source, runtime, procfile)));
  return all
    .filter((one) => one !== undefined)
    .sort((a, b) => b.strength - a.strength)
    .map(({ detected }) => detected);
}

/** Whether a folder says of itself that it holds several apps. */
export async function isWorkspace(source: SourceFolder, runtimes: readonly Runtime[]): Promise<boolean> {
  for (const runtime of runtimes) {
    if (await firstFound(runtime.workspace, lookingAt(source, runtime))) return true;
  }
  return false;
}

function lookingAt(source: SourceFolder, runtime: Runtime): Looking {
  let dependencies: ReturnType<typeof readDependencies> | undefined;
  return { source, dependencies: () => (dependencies ??= readDependencies(source, runtime.dependencies)) };
}

/** A Procfile's web listens on PORT, whichever that is. Source: Heroku's "The Procfile". */
const usualOfWeb: Answered = { value: '8080', found: undefined };

async function detectOne(
  source: SourceFolder,
  runtime: Runtime,
  procfile: readonly Process[],
): Promise<{ detected: Detected; strength: number } | undefined> {
  const at = lookingAt(source, runtime);
  const told = await firstFound(runtime.detect, at);
  if (!told) return undefined;
  const framework = await firstFramework(runtime, at);
  const of = { ...runtime, ...framework?.framework };
  const nameOf = namesOf(runtime, at);
  const one = (answers: readonly Answer[] | undefined): Promise<Answered | undefined> =>
    firstAnswer(answers, at, nameOf);

  const web = procfile.find(({ name }) => name === 'web');
  const ofProcfile = procfile.find(({ name }) => name === 'release');
  const others = procfile.filter(({ name }) => name !== 'web' && name !== 'release');
  const answers: Answers = {
    tool: await one(runtime.tool),
    version: await one(runtime.version),
    build: await one(of.build),
    output: await one(of.output),
    command: web ? undefined : await one(of.command),
    // A Procfile without web has no program that is reached from outside.
    port: others.length > 0 && !web ? undefined : ((await one(of.port)) ?? (web && usualOfWeb)),
    health: others.length > 0 && !web ? undefined : await one(of.health),
    release: ofProcfile ? undefined : await one(of.release),
  };
  const port = portOf(textOf(answers.port));
  const writable = await one(of.writable);
  const needs = await Promise.all(
    (of.needs ?? []).map(async (need) => ((await allHold(need.when, at)) ? need : undefined)),
  );
  const advice = await everyAnswer(of.advice, at, nameOf);
  return {
    strength: framework?.framework.strength ?? runtime.strength,
    detected: {
      runtime: runtime.name,
      framework: framework?.framework.name,
      tool: textOf(answers.tool),
      version: textOf(answers.version),
      buildCommand: textOf(answers.build),
      output: textOf(answers.output),
      command: web ? shellWords(web.line) : commandOf(answers.command),
      port,
      health: port === undefined ? undefined : textOf(answers.health),
      processes: Object.fromEntries(others.map(({ name, line }) => [name, line])),
      release: ofProcfile?.line ?? textOf(answers.release),
      services: await findServices(source, runtime, framework?.framework, at),
      seen: describeSeen({ source, runtime, framework, told, answers, procfile }),
      writable: writable !== undefined,
      needs: needs.filter((need) => need !== undefined).map(({ variable, why }) => ({ variable, why })),
      advice: advice.map((said) => textOf(said)!),
    },
  };
}

async function firstFramework(
  { frameworks }: Runtime,
  at: Looking,
): Promise<{ framework: Framework; found: Found } | undefined> {
  for (const framework of frameworks) {
    if (!(await allHold(framework.when, at))) continue;
    const found = await firstFound(framework.when, at);
    if (found) return { framework, found };
  }
  return undefined;
}

/** Names are looked up when a template asks for one; one that asks for itself isn't there. */
function namesOf(runtime: Runtime, at: Looking): NameOf {
  const known = new Map<string, Promise<Found | undefined>>();
  const nameOf: NameOf = (name) => {
    const before = known.get(name);
    if (before) return before;
    known.set(name, Promise.resolve(undefined));
    const answers =
      name === 'tool' ? runtime.tool : name === 'version' ? runtime.version : runtime.names[name];
    const found = firstAnswer(answers, at, nameOf).then(
      (answered) =>
        answered && {
          ...(answered.found ?? { file: '', line: undefined, groups: [] }),
          value: textOf(answered) ?? '',
        },
    );
    known.set(name, found);
    return found;
  };
  return nameOf;
}

/** A text is a shell line. */
function commandOf(answered: Answered | undefined): readonly string[] | undefined {
  if (!answered) return undefined;
  return typeof answered.value === 'string' ? shellWords(answered.value) : answered.value;
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}
