import { isStatus } from '../../cluster/api-error.ts';
import { isUnknownKind } from '../../cluster/kinds.ts';

/** Undefined where it may not be read; nothing where the cluster has no such kind. */
export async function readable<T>(read: () => Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    if (isUnknownKind(error)) return [];
    throw error;
  }
}
