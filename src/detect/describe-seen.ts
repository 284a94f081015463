import type { Framework, Runtime } from '../catalog/runtime.ts';
import type { Answered } from './answer.ts';
import { shownIn } from './dependencies.ts';
import type { Seen } from './detected.ts';
import type { Found } from './look.ts';
import type { Process } from './procfile.ts';
import type { SourceFolder } from './source-folder.ts';

/** What was answered of a source, by what it is about. */
export type Answers = Readonly<
  Record<
    'tool' | 'version' | 'build' | 'output' | 'command' | 'port' | 'health' | 'release',
    Answered | undefined
  >
>;

interface Described {
  readonly source: SourceFolder;
  readonly runtime: Runtime;
  readonly framework: { readonly framework: Framework; readonly found: Found } | undefined;
  /** What told the runtime. */
  readonly told: Found;
  readonly answers: Answers;
  readonly procfile: readonly Process[];
}

/** What was seen, in the words that a person gets, and which file told it. */
export function describeSeen({ source, runtime, framework, told, answers, procfile }: Described): Seen[] {
  const seen: Seen[] = [];
  const usual = `usual for ${framework?.framework.title ?? runtime.title}`;
  const see = (about: Seen['about'], what: string, found: Found | undefined, otherwise = ''): void => {
    const where = found?.file ? whereOf(source, found) : otherwise;
    if (where !== '') seen.push({ about, what, where });
  };
  const answered = (about: keyof Answers, words: string, otherwise?: string): void => {
    const answer = answers[about];
    if (answer)
      see(
        about,
        words.replace('$', () => textOf(answer)!),
        answer.found,
        otherwise,
      );
  };
  const ofProcfile = (about: Seen['about'], { at }: Process, what: string): void => {
    seen.push({ about, what, where: `${shownIn(source, 'Procfile')}:${at}` });
  };
  if (framework) see('runtime', titleOf(framework.framework.title, framework.found), framework.found);
  else see('runtime', runtime.title, told);
  answered('version', `${runtime.title} $`);
  answered('tool', '$');
  answered('build', 'built by $', usual);
  const web = procfile.find(({ name }) => name === 'web');
  if (web) ofProcfile('command', web, `starts by ${web.line}`);
  else if (answers.command) answered('command', 'starts by $', usual);
  else answered('output', 'served from $', usual);
  answered('port', 'port $', usual);
  answered('health', 'health $', usual);
  answered('release', 'before each release $', usual);
  for (const process of procfile) {
    const { name, line } = process;
    if (name === 'release') ofProcfile('release', process, `before each release ${line}`);
    else if (name !== 'web') ofProcfile('process', process, `${name}: ${line}`);
  }
  return seen;
}

/** `Next.js 15`: of a version, the part that people speak of. */
function titleOf(title: string, { value, groups, line }: Found): string {
  // Only a dependency has a version for a value.
  const ofDependency = groups.length === 1 && line === undefined && /^\d/.test(value);
  const version = ofDependency ? /^\d+(?:\.[1-9]\d*)?/.exec(value)?.[0] : undefined;
  return version ? `${title} ${version}` : title;
}

function whereOf(source: SourceFolder, { file, line }: Found): string {
  return `${shownIn(source, file)}${line === undefined ? '' : `:${line}`}`;
}

/** An answer as one text. */
export function textOf(answered: Answered | undefined): string | undefined {
  if (!answered) return undefined;
  return typeof answered.value === 'string' ? answered.value : answered.value.join(' ');
}
