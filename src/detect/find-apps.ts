import type { Runtime } from '../catalog/runtime.ts';
import { detectIn, isWorkspace } from './detect.ts';
import type { Detected } from './detected.ts';
import { type Dockerfile, readDockerfile } from './dockerfile.ts';
import type { SourceFolder } from './source-folder.ts';

/** A folder that holds an app. */
export interface FoundApp {
  /** As seen from where was looked: `.`, `apps/web`. */
  readonly folder: string;
  /** The folder's own name. */
  readonly name: string;
  readonly dockerfile: Dockerfile | undefined;
  readonly detected: Detected | undefined;
}

/** Folders in which no app of this source lies, whatever is in them. */
const besideApps = /(^|\/)(tests?|specs?|e2e|fixtures|examples?|samples?|testdata)(\/|$)/;
/** Apps of one source lie so deep at most. */
const deepest = 3;

/**
 * The apps of a source: itself, or, where it isn't one or says that it holds several, those of its folders. Where
 * nothing can be started, what was recognised all the same; empty where nothing was.
 */
export async function findApps(source: SourceFolder, runtimes: readonly Runtime[]): Promise<FoundApp[]> {
  const root = await appOf(source, '.', runtimes);
  if (root?.dockerfile) return [root];
  const several = await isWorkspace(source, runtimes);
  if (root && canStart(root) && !several) return [root];
  const below = await appsBelow(source, runtimes);
  if (below.length > 0) return several ? below.map(withAdvice) : below;
  return root ? [root] : [];
}

/** A build sees the folder of its app alone, which may be too little for one of a workspace. */
function withAdvice(app: FoundApp): FoundApp {
  const { detected, dockerfile } = app;
  if (!detected || dockerfile) return app;
  const more = `${app.folder} is part of a workspace, and its build sees that folder alone. Where it needs others of the workspace, write a Dockerfile at the top and say build: {context: ., dockerfile: …}.`;
  return { ...app, detected: { ...detected, advice: [...(detected.advice ?? []), more] } };
}

/** What one folder is; undefined where nothing tells. */
export async function appOf(
  source: SourceFolder,
  folder: string,
  runtimes: readonly Runtime[],
): Promise<FoundApp | undefined> {
  const at = source.at(folder);
  const [dockerfile, detected] = await Promise.all([readDockerfile(at), detectIn(at, runtimes)]);
  const app = { folder, name: at.name, dockerfile };
  const startable = detected.find((one) => canStart({ ...app, detected: one }));
  const best = startable ?? detected[0];
  return dockerfile || best ? { ...app, detected: best } : undefined;
}

/** Whether it is known how it runs: by its Dockerfile, a command, processes, or a folder that is served. */
export function canStart({ dockerfile, detected }: Pick<FoundApp, 'dockerfile' | 'detected'>): boolean {
  if (dockerfile) return true;
  if (!detected) return false;
  const { command, output, processes } = detected;
  return command !== undefined || output !== undefined || Object.keys(processes).length > 0;
}

async function appsBelow(source: SourceFolder, runtimes: readonly Runtime[]): Promise<FoundApp[]> {
  const found: FoundApp[] = [];
  const folders = source.folders.filter(
    (folder) => folder.split('/').length <= deepest && !besideApps.test(folder),
  );
  const all = new Set(folders.flatMap((folder) => withParents(folder)));
  for (const folder of [...all].sort(
    (a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1),
  )) {
    // What lies in an app belongs to it.
    if (found.some((app) => folder.startsWith(`${app.folder}/`))) continue;
    const app = await appOf(source, folder, runtimes);
    if (app && canStart(app)) found.push(app);
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function withParents(folder: string): string[] {
  const steps = folder.split('/');
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
