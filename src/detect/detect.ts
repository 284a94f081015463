import type { Answer, Framework, Runtime } from '../catalog/runtime.ts';
import { type Answered, everyAnswer, firstAnswer, type NameOf } from './answer.ts';
import { readDependencies, shownIn } from './dependencies.ts';
import type { Detected, Seen } from './detected.ts';
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

  const tool = await one(runtime.tool);
  const version = await one(runtime.version);
  const services = await findServices(source, runtime, framework?.framework, at);
  const web = procfile.find(({ name }) => name === 'web');
  const command = web ? undefined : await one(of.command);
  const [build, output, port, health] = [
    await one(of.build),
    await one(of.output),
    await one(of.port),
    await one(of.health),
  ];
  const ofProcfile = procfile.find(({ name }) => name === 'release');
  const release = ofProcfile ? undefined : await one(of.release);
  const writable = await one(of.writable);
  const advice = await everyAnswer(of.advice, at, nameOf);
  const needs = await Promise.all(
    (of.needs ?? []).map(async (need) => ((await allHold(need.when, at)) ? need : undefined)),
  );

  const seen: Seen[] = [];
  const see = (about: Seen['about'], what: string, found: Found | undefined): void => {
    if (found?.file) seen.push({ about, what, where: whereOf(source, found) });
  };
  if (framework) see('runtime', describe(framework.framework.title, framework.found), framework.found);
  else see('runtime', runtime.title, told);
  see('version', `${runtime.title} ${textOf(version)}`, version?.found);
  see('tool', textOf(tool) ?? '', tool?.found);
  see('build', `built by ${textOf(build)}`, build?.found);
  if (web) seen.push(seenProcess(source, web, 'command', `starts by ${web.line}`));
  else see('command', `starts by ${textOf(command)}`, command?.found);
  see('port', `port ${textOf(port)}`, port?.found);
  see('health', `health ${textOf(health)}`, health?.found);
  if (ofProcfile)
    seen.push(seenProcess(source, ofProcfile, 'release', `before each release ${ofProcfile.line}`));
  else see('release', `before each release ${textOf(release)}`, release?.found);
  const others = procfile.filter(({ name }) => name !== 'web' && name !== 'release');
  for (const other of others)
    seen.push(seenProcess(source, other, 'process', `${other.name}: ${other.line}`));

  // A Procfile that has no web has no program that is reached from outside.
  const reached =
    procfile.length === others.length + (ofProcfile ? 1 : 0) && others.length > 0 ? undefined : port;
  return {
    strength: framework?.framework.strength ?? runtime.strength,
    detected: {
      runtime: runtime.name,
      framework: framework?.framework.name,
      tool: textOf(tool),
      version: textOf(version),
      buildCommand: textOf(build),
      output: textOf(output),
      command: web ? shellWords(web.line) : commandOf(command),
      port: portOf(textOf(reached)),
      health: reached ? textOf(health) : undefined,
      processes: Object.fromEntries(others.map(({ name, line }) => [name, line])),
      release: ofProcfile?.line ?? textOf(release),
      services,
      seen,
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

/** `Next.js 15`: of a version, the part that people speak of. */
function describe(title: string, { value, groups }: Found): string {
  // Only a dependency has a version for a value.
  const version =
    groups.length === 1 && /^\d/.test(value) ? /(\d+(?:\.[1-9]\d*)?)/.exec(value)?.[1] : undefined;
  return version ? `${title} ${version}` : title;
}

function whereOf(source: SourceFolder, { file, line }: Found): string {
  return `${shownIn(source, file)}${line === undefined ? '' : `:${line}`}`;
}

function seenProcess(source: SourceFolder, { at }: Process, about: Seen['about'], what: string): Seen {
  return { about, what, where: `${shownIn(source, 'Procfile')}:${at}` };
}

function textOf(answered: Answered | undefined): string | undefined {
  if (!answered) return undefined;
  return typeof answered.value === 'string' ? answered.value : answered.value.join(' ');
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
