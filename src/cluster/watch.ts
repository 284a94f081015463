import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PaasError } from '../problems/problem.ts';
import { ApiError, type ApiStatus } from './api-error.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { kindPath } from './kinds.ts';
import { type ListOptions, listObjects } from './objects.ts';
import { requestStream } from './request.ts';

/** The objects of a kind as they are now, by uid: kept true by a watch. */
export type Objects = Map<string, KubeObject>;

/** How long the cluster keeps one watch open, in seconds; then it is asked again. */
const watchSeconds = 290;
/** Milliseconds. */
const pauseAfterBreak = 500;

/** Called after every change; where an object was deleted, with the last that is known of it. */
export type Changed = (deleted?: KubeObject) => void;

/**
 * Keeps `objects` true until the signal aborts, and calls `changed` after every change; first when they are complete.
 * A broken connection is taken up where it ended; where the cluster no longer knows that point, they are listed anew.
 */
export async function watchObjects(
  cluster: Cluster,
  options: ListOptions,
  objects: Objects,
  changed: Changed,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const list = await listObjects(cluster, options);
    const before = [...objects.values()];
    objects.clear();
    for (const item of list.items) objects.set(item.metadata.uid ?? '', item);
    for (const one of before) if (!objects.has(one.metadata.uid ?? '')) changed(one);
    changed();
    await follow(cluster, options, list.resourceVersion, objects, changed, signal);
  }
}

async function follow(
  cluster: Cluster,
  options: ListOptions,
  from: string,
  objects: Objects,
  changed: Changed,
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion = from;
  while (!signal.aborted) {
    try {
      for await (const { type, object } of events(cluster, options, resourceVersion, signal)) {
        if (type === 'ERROR') {
          if ((object as ApiStatus & { code?: number }).code === 410) return;
          throw new ApiError('GET', options.kind, 500, object as ApiStatus);
        }
        const seen = object as KubeObject;
        resourceVersion = seen.metadata.resourceVersion ?? resourceVersion;
        if (type === 'BOOKMARK') continue;
        const known = { ...seen, apiVersion: options.apiVersion, kind: options.kind };
        if (type === 'DELETED') objects.delete(seen.metadata.uid ?? '');
        else objects.set(seen.metadata.uid ?? '', known);
        changed(type === 'DELETED' ? known : undefined);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 410) return;
      if (error instanceof ApiError && error.status === 403) throw error;
      if (error instanceof PaasError && error.problems[0]?.code === 'login-expired') throw error;
      // The stream broke. The next request tells whether the cluster is gone.
      await sleep(pauseAfterBreak, undefined, { signal }).catch(() => {});
    }
  }
}

async function* events(
  cluster: Cluster,
  { apiVersion, kind, namespace, labelSelector, metadataOnly }: ListOptions,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<{ type: string; object: unknown }> {
  const body = await requestStream(cluster, {
    path: await kindPath(cluster, { apiVersion, kind, namespace }),
    query: {
      watch: true,
      allowWatchBookmarks: true,
      labelSelector,
      resourceVersion,
      timeoutSeconds: watchSeconds,
    },
    signal,
    ...(metadataOnly && { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' }),
  });
  for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line) yield JSON.parse(line) as { type: string; object: unknown };
  }
}
