import { isStatus } from './api-error.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { request } from './request.ts';

/** So many nodes tell what the others are. */
const sample = 20;

/** What the nodes of a cluster are, such as `linux/amd64`; undefined where they differ or may not be read. */
export async function nodePlatform(cluster: Cluster): Promise<string | undefined> {
  try {
    const { items } = await request<{ items: KubeObject[] }>(cluster, {
      path: '/api/v1/nodes',
      query: { limit: sample },
    });
    const platforms = new Set(
      items.map(({ status }) => `${status?.nodeInfo?.operatingSystem}/${status?.nodeInfo?.architecture}`),
    );
    return platforms.size === 1 ? [...platforms][0] : undefined;
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    throw error;
  }
}
