import type { FoundApp } from '../detect/find-apps.ts';
import { canStart } from '../detect/find-apps.ts';
import { shellLine } from '../detect/shell-words.ts';
import { slug } from '../detect/slug.ts';
import { LiteralError, readLiteral } from '../model/literals.ts';
import { property, rootSchema } from '../model/schema.ts';
import { cannotStart } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { badUsage } from '../problems/usage.ts';
import type { TextQuestion } from '../terminal/ask.ts';
import type { Questions } from './init-questions.ts';

/** What a person decides of a new app: by flags, or asked. Undefined is as it was detected. */
export interface Answers {
  readonly name: string;
  readonly registry: string | undefined;
  readonly host: string | undefined;
  /** null: it listens on none. */
  readonly port: number | null | undefined;
  readonly command: string | undefined;
}

export type Given = Partial<{
  readonly [key in keyof Answers]: (key extends 'port' ? number : string) | undefined;
}> & { readonly image?: string | undefined };

/** Asks one question; undefined without a terminal. */
type Ask = Questions['text'] | undefined;

/** Ends the run where a flag says something that can't be. Throws a PaasError. */
export function checkGiven(given: Given): void {
  const checks = { name: wrongName, registry: wrongRegistry, host: wrongHost, image: wrongImage } as const;
  for (const [flag, check] of Object.entries(checks)) {
    const text = given[flag as keyof typeof checks];
    const wrong = text === undefined ? undefined : check(text);
    if (wrong) fail(badUsage(`--${flag} ${text}: ${wrong}`));
  }
}

/** The answers, each from its flag, else asked, else as it was detected. Throws a PaasError. */
export async function gatherAnswers(
  apps: readonly FoundApp[],
  given: Given,
  suggested: { readonly name: string; readonly registry: string | undefined; readonly asksRegistry: boolean },
  ask: Ask,
): Promise<Answers> {
  const [only] = apps.length <= 1 ? apps : [];
  const name = given.name ?? (await ask?.(nameQuestion(suggested.name))) ?? suggested.name;
  const command = await commandOf(only, given, ask);
  const port = await portOf(only, given, ask);
  const detected = only?.dockerfile?.port ?? only?.detected?.port;
  const reached = apps.length > 1 || port === null ? undefined : (port ?? detected);
  const asksRegistry = suggested.asksRegistry && given.image === undefined;
  const registry =
    given.registry ?? (asksRegistry ? await ask?.(registryQuestion(suggested.registry ?? '')) : undefined);
  const host = given.host ?? (reached === undefined ? undefined : await ask?.(hostQuestion));
  if (host && reached === undefined) {
    const hint = apps.length > 1 ? 'Write the routes of each into the file.' : 'Say its port: --port 8080.';
    fail(badUsage('A host leads to the port of one component, and there is none.', hint));
  }
  return { name, command, port, registry: registry || undefined, host: host || undefined };
}

async function commandOf(app: FoundApp | undefined, given: Given, ask: Ask): Promise<string | undefined> {
  if (given.command !== undefined) return given.command;
  if (!app || app.dockerfile) return undefined;
  const detected = app.detected?.command;
  if (canStart(app) && !detected) return undefined;
  const said = await ask?.({
    message: 'What starts it',
    answer: detected ? shellLine(detected) : '',
    wrong: (text) => (text === '' ? 'A command is needed, such as node server.js.' : undefined),
  });
  if (said === undefined && !canStart(app)) fail(cannotStartOf(app));
  return said;
}

/** Of an app of which it isn't known what starts it. */
export function cannotStartOf({ folder, detected }: FoundApp): ReturnType<typeof cannotStart> {
  const what = detected?.seen.find(({ about }) => about === 'runtime');
  return cannotStart(
    folder === '.' ? 'This' : folder,
    what ? `${what.what} (${what.where})` : 'something',
    '',
  );
}

async function portOf(app: FoundApp | undefined, given: Given, ask: Ask): Promise<number | null | undefined> {
  if (given.port !== undefined) return given.port;
  if (!app && given.image === undefined) return undefined;
  const detected = app?.dockerfile?.port ?? app?.detected?.port;
  const said = await ask?.({
    message: 'Its port, or none',
    answer: detected === undefined ? 'none' : String(detected),
    wrong: wrongPort,
  });
  if (said === undefined) return undefined;
  return said === 'none' ? null : Number(said);
}

function nameQuestion(answer: string): TextQuestion {
  return { message: "The app's name", answer, wrong: wrongName };
}

function registryQuestion(answer: string): TextQuestion {
  return {
    message: 'The registry for its images, such as registry.example.com/team (empty: later)',
    answer,
    wrong: (text) => (text === '' ? undefined : wrongRegistry(text)),
  };
}

const hostQuestion: TextQuestion = {
  message: 'The host name that it is reached by (empty: none)',
  answer: '',
  wrong: (text) => (text === '' ? undefined : wrongHost(text)),
};

/** A name of an app that is surely one, from that of its folder. */
export function suggestName(folder: string): string {
  return slug(folder, 'app');
}

function wrongName(text: string): string | undefined {
  const { pattern = '', maxLength = 63 } = property(rootSchema, 'app') as {
    pattern?: string;
    maxLength?: number;
  };
  return new RegExp(pattern).test(text) && text.length <= maxLength
    ? undefined
    : 'A name has lower-case letters, digits and hyphens, a letter first, no hyphen last.';
}

function wrongPort(text: string): string | undefined {
  const port = Number(text);
  const fits = text === 'none' || (/^\d+$/.test(text) && port >= 1 && port <= 65_535);
  return fits ? undefined : 'A port is a number from 1 to 65535; none if it listens on none.';
}

const wrongRegistry = (text: string): string | undefined => wrongLiteral('registry', text);
const wrongHost = (text: string): string | undefined => wrongLiteral('host', text);
const wrongImage = (text: string): string | undefined => wrongLiteral('image', text);

function wrongLiteral(type: string, text: string): string | undefined {
  try {
    readLiteral(type, text);
    return undefined;
  } catch (error) {
    if (error instanceof LiteralError) return `This must be ${error.message}.`;
    throw error;
  }
}
