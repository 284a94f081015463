import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { kill } from 'node:process';
import type { Holder } from '../releases/lock.ts';

/** This process as the holder of a lock. */
export function thisHolder(pid: number): Holder {
  return {
    id: randomUUID(),
    name: userAtHost(),
    pid,
    started: startTime(pid) ?? '',
    boot: read('/proc/sys/kernel/random/boot_id') ?? '',
    pidNamespace: link('/proc/self/ns/pid') ?? '',
  };
}

export function userAtHost(): string {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A container's user may have no name.
  }
  return `${user}@${hostname()}`;
}

/**
 * Whether a holder can't be alive any more: a process of this very system and pid namespace that has ended, or whose
 * pid another one has by now. A hostname would prove nothing between containers.
 */
export function isGone(holder: Holder): boolean {
  if (holder.boot === '' || holder.boot !== read('/proc/sys/kernel/random/boot_id')) return false;
  if (holder.pidNamespace === '' || holder.pidNamespace !== link('/proc/self/ns/pid')) return false;
  const started = startTime(holder.pid);
  return started === undefined ? !exists(holder.pid) : started !== holder.started;
}

/** Whether there is a process of that pid, also where /proc hides those of others. */
function exists(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process began, in clock ticks since boot. Source: proc(5), field 22 of /proc/PID/stat. */
function startTime(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The program's name stands in brackets and may hold anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
