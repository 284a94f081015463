import { isStatus } from './api-error.ts';
import type { Cluster, KubeObject, ObjectRef } from './cluster.ts';
import { kindPath, objectPath } from './kinds.ts';
import { type Request, request } from './request.ts';

// Reading and writing objects. Writes are strict: a field that the cluster doesn't know is an error, not dropped.

/** The object, or undefined when it isn't there. */
export async function getObject(cluster: Cluster, ref: ObjectRef): Promise<KubeObject | undefined> {
  try {
    return await request<KubeObject>(cluster, { path: await objectPath(cluster, ref) });
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

export interface ListOptions {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** Metadata alone: for objects with large contents. */
  readonly metadataOnly?: boolean;
}

/** Asks for metadata alone; a server that can't do that answers with all. Source: Kubernetes API concepts, "Metadata-only". */
const metadataOf = (kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList'): string =>
  `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

/** All objects of a kind, with the list's resourceVersion, at which a watch may go on. */
export async function listObjects(
  cluster: Cluster,
  { apiVersion, kind, namespace, labelSelector, metadataOnly }: ListOptions,
): Promise<{ items: KubeObject[]; resourceVersion: string }> {
  const path = await kindPath(cluster, { apiVersion, kind, namespace });
  const items: KubeObject[] = [];
  let page: { metadata: { resourceVersion: string; continue?: string }; items: KubeObject[] | null };
  let next: string | undefined;
  do {
    page = await request(cluster, {
      path,
      query: { labelSelector, limit: 500, continue: next },
      ...(metadataOnly && { accept: metadataOf('PartialObjectMetadataList') }),
    });
    // Items of a list don't say their kind.
    for (const item of page.items ?? []) items.push({ ...item, apiVersion, kind });
    next = page.metadata.continue || undefined;
  } while (next);
  return { items, resourceVersion: page.metadata.resourceVersion };
}

type AppliedObject = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;

export interface ApplyOptions {
  readonly manager: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Server-side apply: what is sent becomes the whole of what this manager owns. Gives the object as it is then. */
export async function applyObject(
  cluster: Cluster,
  object: AppliedObject,
  options: ApplyOptions,
): Promise<KubeObject> {
  return request<KubeObject>(cluster, await requestOf(cluster, object, options));
}

/** The same, where its metadata is enough to know: much less to write for the server, and to read. */
export async function applyForMetadata(
  cluster: Cluster,
  object: AppliedObject,
  options: ApplyOptions,
): Promise<Pick<KubeObject, 'metadata'>> {
  return request(cluster, {
    ...(await requestOf(cluster, object, options)),
    accept: metadataOf('PartialObjectMetadata'),
  });
}

async function requestOf(
  cluster: Cluster,
  object: AppliedObject,
  { manager, force, dryRun }: ApplyOptions,
): Promise<Request> {
  const { name, namespace } = object.metadata;
  const ref = { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace && { namespace }) };
  return {
    method: 'PATCH',
    path: await objectPath(cluster, ref),
    query: {
      fieldManager: manager,
      fieldValidation: 'Strict',
      force: force ?? false,
      dryRun: dryRun ? 'All' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    body: object,
  };
}

/** Changes parts of an object (RFC 7396); with a resourceVersion in it only where the object hasn't changed since. */
export async function mergePatch(
  cluster: Cluster,
  ref: ObjectRef,
  patch: unknown,
  manager: string,
): Promise<KubeObject> {
  return request<KubeObject>(cluster, {
    method: 'PATCH',
    path: await objectPath(cluster, ref),
    query: { fieldManager: manager, fieldValidation: 'Strict' },
    contentType: 'application/merge-patch+json',
    body: patch,
  });
}

/** Creates an object. Undefined when one of that name is there already. */
export async function createObject(
  cluster: Cluster,
  object: KubeObject,
  manager: string,
): Promise<KubeObject | undefined> {
  const { apiVersion, kind, metadata } = object;
  try {
    return await request<KubeObject>(cluster, {
      method: 'POST',
      path: await kindPath(cluster, { apiVersion, kind, namespace: metadata.namespace }),
      query: { fieldManager: manager, fieldValidation: 'Strict' },
      body: object,
    });
  } catch (error) {
    if (isStatus(error, 409) && error.body.reason === 'AlreadyExists') return undefined;
    throw error;
  }
}

/** Replaces an object that hasn't changed since it was read (its resourceVersion). Undefined when it has. */
export async function replaceObject(
  cluster: Cluster,
  object: KubeObject,
  manager: string,
): Promise<KubeObject | undefined> {
  const { apiVersion, kind, metadata } = object;
  const ref = {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
  };
  try {
    return await request<KubeObject>(cluster, {
      method: 'PUT',
      path: await objectPath(cluster, ref),
      query: { fieldManager: manager, fieldValidation: 'Strict' },
      body: object,
    });
  } catch (error) {
    if (isStatus(error, 409, 404)) return undefined;
    throw error;
  }
}

export interface DeleteOptions {
  /** Delete this one, not another that came under the same name. */
  readonly uid?: string | undefined;
  /** Delete it as it was seen, or not at all. */
  readonly resourceVersion?: string | undefined;
  /**
   * `Foreground`: it is there until everything that belongs to it is gone. `Background`: it is gone at once, what
   * belongs to it after it. `Orphan`: what belongs to it stays.
   */
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
}

/** Asks for deletion of an object and of what belongs to it. False when it isn't there, or is another one. */
export async function deleteObject(
  cluster: Cluster,
  ref: ObjectRef,
  { uid, resourceVersion, propagation = 'Background' }: DeleteOptions = {},
): Promise<boolean> {
  try {
    await request(cluster, {
      method: 'DELETE',
      path: await objectPath(cluster, ref),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: propagation,
        ...((uid || resourceVersion) && { preconditions: { uid, resourceVersion } }),
      },
    });
    return true;
  } catch (error) {
    if (isStatus(error, 404, 409)) return false;
    throw error;
  }
}
