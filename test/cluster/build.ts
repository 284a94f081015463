import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo, downloadModule } from './go.ts';
import { cacheRoot } from './layout.ts';
import { withLock } from './lock.ts';

/** Takes a line for the person who waits. */
export type OnProgress = (line: string) => void;

/** Programs of one Go module. */
export type GoPart = {
  readonly name: string;
  /** The module whose version in go.mod is the version of the part. */
  readonly module: string;
  /** Program name to package path. */
  readonly programs: Readonly<Record<string, string>>;
  /** Build tags by program name. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What the linker has to be told, such as the version, which the program can't know otherwise. */
  readonly linkerFlags?: (version: string) => string;
};

const SOURCES = join(import.meta.dirname, 'parts');

/** Builds what isn't in the cache yet. Gives the path of each program. */
export async function buildPrograms(
  part: GoPart,
  programs: readonly string[],
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const folder = folderOf(part);
  const paths = Object.fromEntries(programs.map((program) => [program, join(folder, program)]));
  const missing = (): string[] => programs.filter((program) => !existsSync(join(folder, program)));
  if (missing().length === 0) return paths;
  return withLock(
    `build-${part.name}`,
    async () => {
      // Somebody else may have built them while this one waited for the lock.
      const wanted = missing();
      if (wanted.length > 0) await buildInto(folder, part, wanted, onProgress, signal);
      return paths;
    },
    { signal, onWait: () => onProgress(`waiting: another run is building ${part.name}`) },
  );
}

async function buildInto(
  folder: string,
  part: GoPart,
  programs: readonly string[],
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // What a killed build left; nobody else is at it, for the lock is held.
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith('.building-')) rmSync(join(folder, entry), { recursive: true, force: true });
  }
  const what = `${programs.join(', ')} ${version(part)}`;
  onProgress(
    `building ${what} (once per machine; what a cluster is made of takes about 10 minutes on 2 cores)`,
  );
  const start = Date.now();
  const ticker = setInterval(
    () => onProgress(`still building ${what} (${Math.round((Date.now() - start) / 1000)} s)`),
    15_000,
  );
  try {
    for (const program of programs) {
      // One after the other into its place: of a run that is interrupted, the finished ones stay.
      await buildGo({
        folder: join(SOURCES, part.name),
        target: part.programs[program] ?? '',
        output: join(folder, program),
        tags: part.tags?.[program] ?? '',
        linkerFlags: part.linkerFlags?.(version(part)) ?? '',
        signal,
      });
    }
    onProgress(`built ${what} in ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    clearInterval(ticker);
  }
}

/** The folder of a part's module as it was published, with what else lies beside its code. */
export async function moduleFolder(part: GoPart, signal?: AbortSignal): Promise<string> {
  return downloadModule(join(SOURCES, part.name), part.module, signal);
}

/** The folder of a part in the cache. */
export function folderOf(part: GoPart): string {
  return join(cacheRoot(), `${part.name}-${version(part)}-${process.arch}`);
}

/** The version that go.mod pins; our own program has none, so its source is its version. */
export function version(part: GoPart): string {
  const folder = join(SOURCES, part.name);
  if (part.module === '') {
    return createHash('sha256')
      .update(readFileSync(join(folder, 'main.go')))
      .digest('hex')
      .slice(0, 12);
  }
  const found = readFileSync(join(folder, 'go.mod'), 'utf8')
    .split('\n')
    .map((line) =>
      line
        .replace(/^require /, '')
        .trim()
        .split(/\s+/),
    )
    .find(([module, number]) => module === part.module && number?.startsWith('v'));
  if (!found?.[1])
    throw new Error(`test/cluster/parts/${part.name}/go.mod names no version of ${part.module}`);
  return found[1];
}
