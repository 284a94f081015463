import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { apiOf, nodeIsReady } from './api.ts';
import type { OnProgress } from './build.ts';
import { cacheRoot, type Layout, layout, stateRoot } from './layout.ts';
import { withLock } from './lock.ts';
import { prepareParts } from './parts.ts';
import { processesOf } from './processes.ts';
import { isAnythingLeft, remove } from './remove.ts';
import { MissingRequirements, missingRequirements } from './requirements.ts';
import { type ClusterInfo, startAlone, startWhole } from './start.ts';
import { pause } from './wait.ts';

export type { ClusterInfo } from './start.ts';

export type ClusterStatus = {
  readonly name: string;
  readonly state: 'healthy' | 'broken' | 'down';
  readonly info?: ClusterInfo;
  readonly daemons: readonly { readonly name: string; readonly pid?: number }[];
  /** What is wrong, in words. */
  readonly problems: readonly string[];
};

export type ClusterOptions = {
  readonly name?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

export const DEFAULT_NAME = 'paas-test';

/**
 * Brings a cluster up and waits until it can be used. Returns at once when it already runs; what an earlier
 * run left half done is removed first. When this fails or is given up, nothing is left behind.
 */
export async function up(
  options: ClusterOptions & { readonly controlPlaneOnly?: boolean } = {},
): Promise<ClusterInfo> {
  const { name = DEFAULT_NAME, controlPlaneOnly = false, onProgress = () => {}, signal } = options;
  const place = layout(name);
  return withLock(
    `cluster-${name}`,
    async () => {
      const now = await settledStatus(name, onProgress, signal);
      const outdated = now.info && !now.info.controlPlaneOnly && now.info.registries === undefined;
      // A whole cluster is a control plane, too.
      if (
        now.state === 'healthy' &&
        now.info &&
        !outdated &&
        (controlPlaneOnly || !now.info.controlPlaneOnly)
      )
        return now.info;
      if (now.state === 'broken') onProgress(`removing what is left of the cluster ${name}`);
      if (now.state === 'healthy' && outdated)
        onProgress(`replacing the cluster ${name}, which an older version of this program made`);
      else if (now.state === 'healthy') onProgress(`replacing the control plane ${name} by a whole cluster`);
      await remove(place);
      try {
        createState(place);
        const missing = missingRequirements(controlPlaneOnly, join(place.state, 'trial'));
        if (missing.length > 0) throw new MissingRequirements(missing);
        const parts = await prepareParts({ controlPlaneOnly, onProgress, signal });
        const info = controlPlaneOnly
          ? await startAlone(place, parts, onProgress, signal)
          : await startWhole(place, parts, onProgress, signal);
        saveInfo(place, info);
        return info;
      } catch (error) {
        const logs = signal?.aborted ? undefined : keepLogs(place);
        if (logs) onProgress(`failed; the logs are in ${logs}`);
        await remove(place);
        throw error;
      }
    },
    { signal, onWait: () => onProgress(`waiting: another run is at work on the cluster ${name}`) },
  );
}

/** Takes a cluster away with everything it made on this machine, in whatever condition it is. */
export async function down(options: ClusterOptions = {}): Promise<void> {
  const { name = DEFAULT_NAME, onProgress = () => {}, signal } = options;
  await withLock(`cluster-${name}`, () => remove(layout(name)), {
    signal,
    onWait: () => onProgress(`waiting: another run is at work on the cluster ${name}`),
  });
}

/** Says whether a cluster can be used, and if not, why. */
export async function status(options: { readonly name?: string } = {}): Promise<ClusterStatus> {
  const { name = DEFAULT_NAME } = options;
  const place = layout(name);
  const running = processesOf(place.programs);
  if (!existsSync(place.info)) {
    const daemons = running.map(({ pid, args }) => ({ name: basename(args[0] ?? ''), pid }));
    if (!isAnythingLeft(place)) return { name, state: 'down', daemons, problems: [] };
    return {
      name,
      state: 'broken',
      daemons,
      problems: ['it is coming up, or an "up" did not come to its end'],
    };
  }
  const info = JSON.parse(readFileSync(place.info, 'utf8')) as ClusterInfo;
  const daemons = info.daemons.map((daemon) => {
    const pid = running.find(({ args }) => basename(args[0] ?? '') === daemon)?.pid;
    return pid === undefined ? { name: daemon } : { name: daemon, pid };
  });
  const problems = daemons
    .filter(({ pid }) => pid === undefined)
    .map((daemon) => `${daemon.name} does not run`);
  if (problems.length === 0) problems.push(...(await ask(info)));
  return { name, state: problems.length === 0 ? 'healthy' : 'broken', info, daemons, problems };
}

/** What is known of a cluster that is up, without asking it how it does. */
export function infoOf(name: string): ClusterInfo | undefined {
  const { info } = layout(name);
  return existsSync(info) ? (JSON.parse(readFileSync(info, 'utf8')) as ClusterInfo) : undefined;
}

/**
 * The condition of a cluster after some patience: one whose programs all run, but which doesn't answer well, may
 * only be short of breath on a busy machine, and must not be taken away for that.
 */
async function settledStatus(
  name: string,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<ClusterStatus> {
  let now = await status({ name });
  for (let tries = 0; tries < 20; tries += 1) {
    const runs = now.info !== undefined && now.daemons.every(({ pid }) => pid !== undefined);
    if (now.state !== 'broken' || !runs) break;
    if (tries === 0)
      onProgress(`the cluster ${name} runs, but ${now.problems.join(', ')}: giving it some time`);
    await pause(1000, signal);
    now = await status({ name });
  }
  return now;
}

/** What the API server itself has to complain about. */
async function ask(info: ClusterInfo): Promise<string[]> {
  try {
    const api = apiOf(info.kubeconfig);
    const ready = await api('/readyz');
    if (ready.status !== 200) return [`the API server is not ready: ${ready.body.slice(0, 200)}`];
    if (!info.controlPlaneOnly && !(await nodeIsReady(api, info.name))) return ['the node is not ready'];
    return [];
  } catch (error) {
    return [`the API server does not answer: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function createState(place: Layout): void {
  const root = stateRoot();
  mkdirSync(root, { recursive: true, mode: 0o700 });
  // Its name is known to everybody, so somebody else may have made it.
  const owner = lstatSync(root);
  if (!owner.isDirectory() || (process.getuid !== undefined && owner.uid !== process.getuid())) {
    throw new Error(`${root} must be a folder of the user who runs this`);
  }
  for (const folder of [place.state, place.programs, place.logs, place.certificates]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

/** Writes it in one go: half a file would be in the way of every later `up`. */
function saveInfo(place: Layout, info: ClusterInfo): void {
  const temporary = `${place.info}.new`;
  writeFileSync(temporary, JSON.stringify(info, null, 2), { mode: 0o600 });
  renameSync(temporary, place.info);
}

/** Saves the logs of a cluster that didn't come up from being removed with it. Gives their folder, if there are any. */
function keepLogs(place: Layout): string | undefined {
  if (!existsSync(place.logs) || readdirSync(place.logs).length === 0) return undefined;
  const folder = join(cacheRoot(), `failed-${place.name}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(place.logs, folder, { recursive: true });
  return folder;
}
