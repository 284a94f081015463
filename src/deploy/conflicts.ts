import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { applyObject } from '../cluster/objects.ts';
import type { Manifest } from '../plan/plan.ts';
import { refusedByRule, rejected } from '../problems/cluster.ts';
import { type FieldConflict, fixedForEver, foreignOwner, namespaceEnding } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { describeRefusal } from '../readiness/refused.ts';
import { fieldOf, withoutField } from './field-path.ts';
import { controllers, peoplesTools } from './managers.ts';
import { keyOf } from './read-state.ts';

/**
 * The manifest as it may be applied by force over what is there: fields of controllers are taken out of it, those of
 * people's tools are kept in it. Anybody else's fields end the deploy, before anything was touched. It is bound to the
 * version that was asked (by a dry run), so that nobody is overwritten unseen.
 */
export async function settleConflicts(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
): Promise<Manifest> {
  let settled = manifest;
  for (;;) {
    const { conflicts, resourceVersion } = await tryApply(cluster, settled, live, manager);
    const foreign = conflicts.filter(({ manager: by }) => !peoplesTools.test(by) && !controllers.test(by));
    if (foreign.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), foreign));
    const theirs = conflicts.filter(({ manager: by }) => controllers.test(by));
    if (theirs.length === 0) {
      // What is left is people's: applied by force.
      return { ...settled, metadata: { ...settled.metadata, resourceVersion } } as Manifest;
    }
    // What can't be taken out of it stays in conflict, and is then the controller's word against ours.
    const stuck = theirs.filter(({ field }) => fieldOf(settled, field) === undefined);
    if (stuck.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), stuck));
    settled = theirs.reduce((object, { field }) => withoutField(object, field) ?? object, settled);
  }
}

/** Ends a deploy that would take an object which another program made. */
export async function refuseForeign(
  cluster: Cluster,
  manifest: Manifest,
  foreign: KubeObject,
  manager: string,
): Promise<never> {
  const { conflicts } = await tryApply(cluster, manifest, foreign, manager);
  const makers = (foreign.metadata.managedFields ?? []).map((entry) => ({
    field: '.metadata.name',
    manager: entry.manager,
    live: foreign.metadata.name,
    ours: foreign.metadata.name,
  }));
  return fail(
    foreignOwner(describeRef(keyOf(manifest)), conflicts.length > 0 ? conflicts : makers.slice(0, 1)),
  );
}

async function tryApply(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
): Promise<{ conflicts: FieldConflict[]; resourceVersion: string | undefined }> {
  try {
    const answer = await applyObject(cluster, manifest as KubeObject, { manager, dryRun: true });
    return { conflicts: [], resourceVersion: answer.metadata.resourceVersion };
  } catch (error) {
    const conflicts = readConflicts(error, manifest, live);
    if (conflicts.length === 0) return failApply(error, manifest);
    return { conflicts, resourceVersion: live.metadata.resourceVersion };
  }
}

/** What the cluster says of an object that it doesn't take, as a problem. */
export function failApply(error: unknown, manifest: Manifest): never {
  if (isStatus(error, 422) && /updates to statefulset spec/.test(error.message)) {
    const { name, namespace = '' } = manifest.metadata;
    fail(fixedForEver(`statefulset/${name}`, 'volumes', namespace, undefined));
  }
  if (isStatus(error, 400, 403, 422, 500)) {
    const refusal = describeRefusal(error.message);
    // What has no name of its own is told in the API's words, below.
    if (!['instances-refused', 'namespace-ending'].includes(refusal.code)) {
      fail(refusedByRule(describeRef(keyOf(manifest)), refusal, error.message));
    }
  }
  if (isStatus(error, 400, 422)) fail(rejected(describeRef(keyOf(manifest)), error.message));
  if (isStatus(error, 403) && /being terminated/.test(error.message)) {
    fail(namespaceEnding(manifest.metadata.namespace ?? ''));
  }
  throw error;
}

/** The fields that others own, from an answer such as `conflict with "paas:shop:live" using apps/v1: .spec.paused`. */
export function readConflicts(
  error: unknown,
  manifest: Manifest,
  live: KubeObject | undefined,
): FieldConflict[] {
  if (!isStatus(error, 409)) return [];
  return (error.body.details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message = '', field = '' }) => ({
      field,
      manager: /conflict with "([^"]*)"/.exec(message)?.[1] ?? 'somebody else',
      live: live ? show(fieldOf(live, field)) : 'set',
      ours: show(fieldOf(manifest, field)),
    }));
}

function show(value: unknown): string {
  return value === undefined ? 'not said' : JSON.stringify(value);
}
