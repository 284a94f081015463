import type { SourceFolder } from './source-folder.ts';

/** A line of a Procfile. */
export interface Process {
  readonly name: string;
  /** As a shell line. */
  readonly line: string;
  /** Where it stands, from 1. */
  readonly at: number;
}

/** The processes of a Procfile, in its order. Source: Heroku's "The Procfile". */
export async function readProcfile(source: SourceFolder): Promise<Process[]> {
  const text = (source.has('Procfile') ? await source.read('Procfile') : undefined) ?? '';
  return text.split(/\r?\n/).flatMap((said, index) => {
    const match = /^\s*([A-Za-z0-9_-]+)\s*:\s*(.*\S)\s*$/.exec(said);
    return match && !said.trimStart().startsWith('#')
      ? [{ name: match[1]!, line: match[2]!, at: index + 1 }]
      : [];
  });
}
