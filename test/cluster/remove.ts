import { existsSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupFolders, removeCgroup } from './cgroup.ts';
import { onlyWaits } from './holder.ts';
import { type Layout, linkFile, stateRoot } from './layout.ts';
import { kill, processesOf } from './processes.ts';
import { run } from './run.ts';
import { until } from './wait.ts';

/** Whether anything of a cluster is on this machine, whole or not. */
export function isAnythingLeft(place: Layout): boolean {
  return processesOf(place.programs).length > 0 || existsSync(place.state) || cgroupsOf(place).length > 0;
}

/** Ends and removes everything of a cluster, in whatever condition it is. */
export async function remove(place: Layout): Promise<void> {
  await kill(
    () => processesOf(place.programs),
    ({ args }) => onlyWaits(args[0]),
  );
  await awaitLink(place);
  if (cgroupsOf(place).length > 0) await removeCgroup(place.cgroup);
  rmSync(place.state, { recursive: true, force: true, maxRetries: 5 });
  try {
    rmdirSync(stateRoot());
  } catch {
    // Not there, or another cluster lives in it.
  }
}

/** The kernel takes a network namespace away some time after its last process, and the link and routes with it. */
async function awaitLink(place: Layout): Promise<void> {
  const file = linkFile(place.name);
  const link = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (link === '') return;
  const gone = (): boolean => !existsSync(join('/sys/class/net', link));
  await until(`the link ${link} to go`, gone, { timeoutMs: 5000, intervalMs: 10 }).catch(() =>
    run('ip', ['link', 'delete', link]),
  );
}

/** Only root makes any; those that another user sees are of root's cluster of the same name. */
function cgroupsOf(place: Layout): string[] {
  return process.getuid?.() === 0 ? cgroupFolders(place.cgroup) : [];
}
