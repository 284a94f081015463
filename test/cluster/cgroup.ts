import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './read.ts';
import { pause } from './wait.ts';

const CGROUPS = '/sys/fs/cgroup';

/**
 * Makes the cgroup that is the root of all pods of a cluster. A kubelet ends every pod cgroup under its root
 * that it doesn't know, so two clusters on one machine need two roots.
 */
export function createCgroup(name: string): void {
  for (const hierarchy of hierarchies()) {
    const folder = join(hierarchy, name);
    mkdirSync(folder, { recursive: true });
    // v1: a new cpuset is empty, and nothing may run in an empty one.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      if (existsSync(join(hierarchy, 'cgroup.controllers')) || !existsSync(join(folder, file))) continue;
      writeFileSync(join(folder, file), readFileSync(join(hierarchy, file), 'utf8').trim());
    }
    // v2: a controller is there below a cgroup only when that one hands it down.
    const controllers = join(hierarchy, 'cgroup.controllers');
    if (!existsSync(controllers)) continue;
    const all = readFileSync(controllers, 'utf8').trim().split(' ').filter(Boolean);
    const wanted = all.map((controller) => `+${controller}`).join(' ');
    if (wanted === '') continue;
    writeFileSync(join(hierarchy, 'cgroup.subtree_control'), wanted);
    writeFileSync(join(folder, 'cgroup.subtree_control'), wanted);
  }
}

/** The folders that a cgroup of this name has at the top of every hierarchy. */
export function cgroupFolders(name: string): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, name))
    .filter((folder) => existsSync(folder));
}

/** The top folders of all cgroup hierarchies: one on a v2 machine, one per controller on v1, both on a hybrid. */
export function hierarchies(): string[] {
  const tops = (read('/proc/self/mounts') ?? '')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, folder]) => folder ?? '')
    .filter((folder) => folder.startsWith(CGROUPS));
  return [...new Set(tops)];
}

/** Removes a cgroup and all below it, in every hierarchy. The kernel needs a moment after the last process. */
export async function removeCgroup(name: string, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const tops = cgroupFolders(name);
    if (tops.length === 0) return;
    for (const folder of tops.flatMap(tree).reverse()) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
    if (cgroupFolders(name).length > 0) await pause(50);
  }
}

/** A folder and all below it, the top one first. */
export function tree(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...below.flatMap((entry) => tree(join(folder, entry.name)))];
  } catch {
    // Gone between the two calls.
    return [];
  }
}
