import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildByTool } from '../../src/images/build-by-tool.ts';
import type { BuildEvent, BuiltImage } from '../../src/images/build-event.ts';
import { findDockerfile } from '../../src/images/find-dockerfile.ts';
import { findTool } from '../../src/images/find-tool.ts';
import { PaasError, type Problem } from '../../src/problems/problem.ts';

/** Writes the files of a project, by their paths. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export interface Built {
  readonly events: readonly BuildEvent[];
  readonly image: BuiltImage | undefined;
  readonly problems: readonly Problem[];
}

type Options = Partial<Parameters<typeof buildByTool>[0]> & {
  readonly onEvent?: (event: BuildEvent) => void;
};

/** Builds a folder by buildah, as `build` in paas.yaml would; the image comes to lie in `into`. */
export async function buildFolder(folder: string, into: string, options: Options = {}): Promise<Built> {
  const events: BuildEvent[] = [];
  try {
    const { tool } = await findTool('buildah');
    const { onEvent, ...order } = options;
    const found = await findDockerfile(folder, folder, { context: '.' });
    const building = buildByTool({
      tool: tool!,
      context: found.context,
      dockerfile: found.dockerfile!,
      into,
      signal: new AbortController().signal,
      ...order,
    });
    let next = await building.next();
    for (; !next.done; next = await building.next()) {
      events.push(next.value);
      onEvent?.(next.value);
    }
    return { events, image: next.value, problems: [] };
  } catch (error) {
    if (error instanceof PaasError) return { events, image: undefined, problems: error.problems };
    throw error;
  }
}

/** The lines that a build wrote. */
export const linesOf = ({ events }: Built): string[] =>
  events.flatMap((event) => (event.type === 'build-line' ? [event.text] : []));
