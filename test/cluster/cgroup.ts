import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hierarchies } from './machine.ts';

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
