import { gunzipSync, gzipSync } from 'node:zlib';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { createObject, deleteObject, getObject, mergePatch, replaceObject } from '../cluster/objects.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { labelKeys, managerName, partName, prefix } from '../plan/names.ts';
import { fail } from '../problems/problem.ts';
import { recordBroken } from '../problems/releases.ts';

// A record is plain data in Secrets: compressed, in parts where one Secret can't hold it, with a summary in the
// metadata, so that a list needs no contents.

/** A Secret holds 1 MiB, counted in base64. */
const partBytes = 700_000;

export type RecordKind = 'release' | 'inventory' | 'scaling' | 'freeze';
export const summaryKey = `${prefix}/summary`;
const partsKey = `${prefix}/parts`;
const attachedKey = 'attached';

export interface RecordHead {
  readonly name: string;
  readonly kind: RecordKind;
  readonly owner: Owner;
  readonly summary: unknown;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Reads a record's contents and its first Secret, or undefined when it isn't there. Throws a PaasError
 * (`record-broken`) where a part of it is missing or was changed.
 */
export async function readRecord<T>(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<{ head: KubeObject; body: T } | undefined> {
  const head = await getObject(cluster, secretRef(namespace, name));
  if (!head) return undefined;
  const count = Number(head.metadata.annotations?.[partsKey] ?? 1);
  const rest = await Promise.all(
    Array.from({ length: count - 1 }, (_, index) =>
      getObject(cluster, secretRef(namespace, partName(name, index + 1))),
    ),
  );
  const missing = rest.indexOf(undefined);
  if (missing >= 0) fail(recordBroken(kindOf(head), name, namespace, partName(name, missing + 1)));
  const bytes = Buffer.concat([head, ...rest].map((part) => Buffer.from(part?.data?.record ?? '', 'base64')));
  return { head, body: unpack<T>(bytes) ?? fail(recordBroken(kindOf(head), name, namespace, undefined)) };
}

function unpack<T>(bytes: Buffer): T | undefined {
  try {
    return JSON.parse(gunzipSync(bytes).toString('utf8')) as T;
  } catch {
    return undefined;
  }
}

function kindOf(head: KubeObject): string {
  return head.metadata.labels?.[labelKeys.record] ?? 'record';
}

/** What was attached to a record later (`writeSummary`); undefined where nothing was, or it can't be read. */
export function readAttached<T>(head: KubeObject): T | undefined {
  const data: string | undefined = head.data?.[attachedKey];
  return data === undefined ? undefined : unpack<T>(Buffer.from(data, 'base64'));
}

/**
 * Writes a record: new where `before` is undefined, else in place of that one. The first Secret is written last, so
 * that a record which can be seen is whole. False when somebody else has written it meanwhile.
 */
export async function writeRecord(
  cluster: Cluster,
  head: RecordHead,
  body: unknown,
  before: KubeObject | undefined,
): Promise<KubeObject | undefined> {
  const bytes = gzipSync(JSON.stringify(body));
  const count = Math.max(1, Math.ceil(bytes.length / partBytes));
  const manager = managerName(head.owner.app, head.owner.environment);
  for (let part = count - 1; part >= 0; part--) {
    const secret = toSecret(head, part, count, bytes.subarray(part * partBytes, (part + 1) * partBytes));
    if (part === 0) return put(cluster, secret, before, manager);
    const there = await getObject(cluster, secretRef(head.owner.namespace, secret.metadata.name));
    if (!(await put(cluster, secret, there, manager))) return undefined;
  }
  return undefined;
}

/** Changes the summary of a record, and attaches something to it; its contents stay as they are. */
export async function writeSummary(
  cluster: Cluster,
  head: KubeObject,
  summary: unknown,
  manager: string,
  attached?: unknown,
): Promise<void> {
  const more = attached !== undefined && {
    data: { [attachedKey]: gzipSync(JSON.stringify(attached)).toString('base64') },
  };
  const patch = { metadata: { annotations: { [summaryKey]: JSON.stringify(summary) } }, ...more };
  const ref = secretRef(head.metadata.namespace ?? '', head.metadata.name);
  try {
    await mergePatch(cluster, ref, patch, manager);
  } catch (error) {
    // Somebody deleted it: then there is nothing to say it of.
    if (!isStatus(error, 404)) throw error;
  }
}

export async function deleteRecord(cluster: Cluster, head: KubeObject): Promise<void> {
  const namespace = head.metadata.namespace ?? '';
  const count = Number(head.metadata.annotations?.[partsKey] ?? 1);
  // The first one last: as long as a part is there, the record is still found.
  for (let part = count - 1; part >= 0; part--) {
    await deleteObject(cluster, secretRef(namespace, partName(head.metadata.name, part)));
  }
}

export function readSummary<T>(head: KubeObject): T | undefined {
  const text = head.metadata.annotations?.[summaryKey];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    // Somebody wrote over it: then it is none of ours.
    return undefined;
  }
}

async function put(
  cluster: Cluster,
  secret: KubeObject,
  before: KubeObject | undefined,
  manager: string,
): Promise<KubeObject | undefined> {
  const { resourceVersion } = before?.metadata ?? {};
  const metadata = { ...secret.metadata, ...(resourceVersion && { resourceVersion }) };
  const written = before
    ? await replaceObject(cluster, { ...secret, metadata }, manager)
    : await createObject(cluster, secret, manager);
  if (written) return written;
  // A write whose answer was lost and that was tried again: it is there.
  const there = await getObject(cluster, secretRef(secret.metadata.namespace ?? '', secret.metadata.name));
  return there && isSame(there, secret) ? there : undefined;
}

function isSame(there: KubeObject, secret: KubeObject): boolean {
  const summary = (one: KubeObject): string | undefined => one.metadata.annotations?.[summaryKey];
  return there.data?.record === secret.data.record && summary(there) === summary(secret);
}

function toSecret(head: RecordHead, part: number, count: number, bytes: Buffer): KubeObject {
  const labels = {
    ...ownerLabels(head.owner),
    ...(part === 0 && { [labelKeys.record]: head.kind, ...head.labels }),
  };
  const annotations =
    part === 0
      ? { [summaryKey]: JSON.stringify(head.summary), [partsKey]: String(count), ...head.annotations }
      : {};
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: partName(head.name, part),
      namespace: head.owner.namespace,
      labels,
      annotations,
    },
    type: `${prefix}/${head.kind}`,
    data: { record: bytes.toString('base64') },
  };
}

function secretRef(
  namespace: string,
  name: string,
): { apiVersion: string; kind: string; namespace: string; name: string } {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}
