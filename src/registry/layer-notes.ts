import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Descriptor } from './oci.ts';

/** A layer that was published, and where. */
export interface NotedLayer {
  readonly registry: string;
  readonly repository: string;
  /** What it is unpacked, as images' configurations name it; packed it may be one of several. */
  readonly diffId: string;
  readonly packed: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The older ones are forgotten: each published layer moves to the front. */
const most = 1000;

/**
 * What is noted of layers, the newest first. Only speed hangs on it: without the file, or with a broken one, layers are
 * packed once more. Docker and buildah keep such notes for themselves, too.
 */
export async function readLayerNotes(env: Environment): Promise<readonly NotedLayer[]> {
  try {
    const { layers } = JSON.parse(await readFile(fileOf(env), 'utf8')) as { layers?: unknown };
    return Array.isArray(layers) ? layers.filter(isNote) : [];
  } catch {
    return [];
  }
}

/** Notes layers that were just published. Throws no error: where nothing may be written nothing is noted. */
export async function noteLayers(env: Environment, published: readonly NotedLayer[]): Promise<void> {
  if (published.length === 0) return;
  const fresh = new Set(published.map(keyOf));
  const older = (await readLayerNotes(env)).filter((one) => !fresh.has(keyOf(one)));
  const layers = [...published, ...older].slice(0, most);
  const file = fileOf(env);
  // Whole at once. Of two that end at the same moment one is lost, which costs its next build some seconds.
  const temporary = `${file}.${Math.random().toString(36).slice(2)}`;
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(temporary, JSON.stringify({ layers }), { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

function fileOf(env: Environment): string {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(cache, 'paas', 'layers.json');
}

const keyOf = ({ registry, repository, diffId }: NotedLayer): string => `${registry} ${repository} ${diffId}`;

/** The file is anybody's who may write into the cache: what is used of it must be what it should be. */
function isNote(value: unknown): value is NotedLayer {
  const { registry, repository, diffId, packed } = (value ?? {}) as Partial<NotedLayer>;
  const digest = /^sha256:[0-9a-f]{64}$/;
  return (
    typeof registry === 'string' &&
    typeof repository === 'string' &&
    digest.test(diffId ?? '') &&
    digest.test(packed?.digest ?? '') &&
    typeof packed?.mediaType === 'string' &&
    Number.isInteger(packed.size)
  );
}
