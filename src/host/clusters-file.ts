import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { toPlain } from '../document/value.ts';
import { clusterNotNoted, clustersFileBroken } from '../problems/document.ts';
import { fail } from '../problems/problem.ts';
import { whyUnwritable } from './why-unwritable.ts';
import { writeSource } from './write-source.ts';

/** The identity of the cluster that an environment was first deployed to. */
export interface NotedCluster {
  readonly cluster: string;
  readonly uid?: string;
  readonly ca?: string;
}

/** Where identities are noted: beside paas.yaml, to be committed. */
export function clustersFile(appFile: string): string {
  return join(dirname(appFile), '.paas', 'clusters.yaml');
}

/** The noted clusters by environment; none where the file isn't there or says nothing. */
export async function readClusters(path: string): Promise<Record<string, NotedCluster>> {
  try {
    const source = { path: '.paas/clusters.yaml', text: await readFile(path, 'utf8') };
    const { root, problems } = parseDocument(source);
    if (problems.length > 0) fail(...problems);
    if (root?.kind !== 'map' || [...root.entries.values()].some(({ value }) => value.kind !== 'map')) {
      fail(clustersFileBroken({ source, start: 0, end: 0 }));
    }
    return toPlain(root) as Record<string, NotedCluster>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

export async function writeClusters(
  path: string,
  clusters: Readonly<Record<string, NotedCluster>>,
): Promise<void> {
  const lines = Object.entries(clusters).map(([environment, { cluster, uid, ca }]) => {
    const said = Object.entries({ cluster, uid, ca }).filter(([, value]) => value !== undefined);
    return `${environment}: {${said.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')}}`;
  });
  const text = [
    '# Which cluster each environment was deployed to. A deploy to another one of the same name is refused.',
    '# Written by paas; commit it.',
    ...lines,
    '',
  ].join('\n');
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeSource(path, text);
  } catch (error) {
    fail(clusterNotNoted('.paas/clusters.yaml', whyUnwritable(error)));
  }
}
