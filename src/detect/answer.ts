import type { Answer } from '../catalog/runtime.ts';
import { allHold, type Found, type Looking, look } from './look.ts';

/** What an answer came to, and what told it. */
export interface Answered {
  readonly value: string | readonly string[];
  readonly found: Found | undefined;
}

/** The values with names that templates of answers use. */
export type NameOf = (name: string) => Promise<Found | undefined>;

/** The first of some answers that applies. */
export async function firstAnswer(
  answers: readonly Answer[] | undefined,
  at: Looking,
  nameOf: NameOf,
): Promise<Answered | undefined> {
  for (const answer of answers ?? []) {
    const answered = await tryAnswer(answer, at, nameOf);
    if (answered) return answered;
  }
  return undefined;
}

/** All that apply. */
export async function everyAnswer(
  answers: readonly Answer[] | undefined,
  at: Looking,
  nameOf: NameOf,
): Promise<Answered[]> {
  const all = await Promise.all((answers ?? []).map((answer) => tryAnswer(answer, at, nameOf)));
  return all.filter((answered) => answered !== undefined);
}

async function tryAnswer(
  { use, when, clue }: Answer,
  at: Looking,
  nameOf: NameOf,
): Promise<Answered | undefined> {
  if (!(await allHold(when, at))) return undefined;
  const found = clue && (await look(clue, at));
  if (clue && !found) return undefined;
  if (use === undefined) return found && { value: found.value, found };
  // What fills a template tells where the answer comes from, where no clue of its own does.
  let told = found;
  const fill = async (text: string): Promise<string | undefined> => {
    let filled = text;
    for (const [whole, name = '', form] of text.matchAll(/\$\{(\w+)(?:\.(\w+))?\}/g)) {
      const group = /^\d+$/.test(name) ? found?.groups[Number(name)] : undefined;
      const named = group === undefined ? await nameOf(name) : undefined;
      const value = group ?? (named && formOf(named, form));
      if (value === undefined) return undefined;
      if (named?.file) told ??= named;
      filled = filled.replace(whole, () => value);
    }
    return filled;
  };
  const filled = await Promise.all([use].flat().map(fill));
  if (filled.some((text) => text === undefined)) return undefined;
  return { value: typeof use === 'string' ? filled[0]! : (filled as string[]), found: told };
}

/** `${main.module}`: of the file that a value was found in, its name as languages import it. */
function formOf({ value, file }: Found, form: string | undefined): string {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  switch (form) {
    case 'file':
      return file;
    case 'folder':
      return folder || '.';
    case 'folder_name':
      return folder.slice(folder.lastIndexOf('/') + 1);
    case 'module':
      return [...(folder === '' ? [] : folder.split('/')), ...(name === '__init__' ? [] : [name])].join('.');
    case 'folder_module':
      return folder.replaceAll('/', '.');
    default:
      return value;
  }
}
