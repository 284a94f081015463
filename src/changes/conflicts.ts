import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { applyObject } from '../cluster/objects.ts';
import { masked } from '../plan/compare-plans.ts';
import { labelKeys } from '../plan/names.ts';
import type { Manifest } from '../plan/plan.ts';
import { refusedByRule, rejected } from '../problems/cluster.ts';
import { type FieldConflict, fixedForEver, foreignOwner, namespaceEnding } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { describeRefusal } from '../readiness/refused.ts';
import { fieldOf, withoutField } from './field-path.ts';
import { fixedFields, wayToRecreate } from './fixed-fields.ts';
import { anyApps, controllers, peoplesTools } from './managers.ts';
import { keyOf } from './read-state.ts';

/**
 * The manifest as it may be applied by force over what is there: fields of controllers are taken out of it, those of
 * people's tools are kept in it, and with `takeOver` those of anybody but another app. Anybody else's fields end the
 * deploy, before anything was touched. It is bound to the version that was asked (by a dry run), so that nobody is
 * overwritten unseen. Throws an ApiError where the cluster refuses it for something else.
 */
export async function settleConflicts(
  cluster: Cluster,
  manifest: Manifest,
  live: KubeObject,
  manager: string,
  takeOver = false,
): Promise<Manifest> {
  let settled = manifest;
  for (;;) {
    const { conflicts, resourceVersion } = await tryApply(cluster, settled, live, manager);
    const foreign = conflicts.filter(({ manager: by }) => !isSettled(by, takeOver));
    if (foreign.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), foreign, hintFor(foreign)));
    const theirs = conflicts.filter(({ manager: by }) => controllers.test(by));
    if (theirs.length === 0) {
      // What is left is people's: applied by force. Only now does the cluster tell what else it has against it.
      if (conflicts.length > 0) await tryByForce(cluster, settled, manager);
      return { ...settled, metadata: { ...settled.metadata, resourceVersion } } as Manifest;
    }
    // What can't be taken out of it stays in conflict, and is then the controller's word against ours.
    const stuck = theirs.filter(({ field }) => fieldOf(settled, field) === undefined);
    if (stuck.length > 0) fail(foreignOwner(describeRef(keyOf(manifest)), stuck));
    settled = theirs.reduce((object, { field }) => withoutField(object, field) ?? object, settled);
  }
}

/** Whether it is known what becomes of the fields of a manager. */
function isSettled(by: string, takeOver: boolean): boolean {
  return peoplesTools.test(by) || controllers.test(by) || (takeOver && !anyApps.test(by));
}

/** What another app has can't be taken over. */
function hintFor(conflicts: readonly FieldConflict[]): string | undefined {
  return conflicts.some(({ manager }) => anyApps.test(manager))
    ? undefined
    : 'To take it over: --take-over. Or use another component name, or another namespace.';
}

/** Ends a deploy that would take an object which another program made. */
export async function refuseForeign(
  cluster: Cluster,
  manifest: Manifest,
  foreign: KubeObject,
  manager: string,
): Promise<never> {
  const { conflicts } = await tryApply(cluster, manifest, foreign, manager).catch(() => ({ conflicts: [] }));
  const makers = (foreign.metadata.managedFields ?? []).map((entry) => ({
    field: '.metadata.name',
    manager: entry.manager,
    live: foreign.metadata.name,
    ours: foreign.metadata.name,
  }));
  const owner = foreign.metadata.labels?.[labelKeys.owner];
  const controller = foreign.metadata.ownerReferences?.find((one) => one.controller);
  const found = conflicts.length > 0 ? conflicts : makers.slice(0, 1);
  const hint = owner === undefined && !controller ? hintFor(found) : undefined;
  return fail(foreignOwner(describeRef(keyOf(manifest)), found, hint));
}

async function tryByForce(cluster: Cluster, manifest: Manifest, manager: string): Promise<void> {
  await applyObject(cluster, manifest as KubeObject, { manager, dryRun: true, force: true });
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
    if (conflicts.length === 0) throw error;
    return { conflicts, resourceVersion: live.metadata.resourceVersion };
  }
}

/** What the cluster says of an object that it doesn't take, as a problem. */
export function failApply(error: unknown, manifest: Manifest, live?: KubeObject): never {
  const fixed = fixedFields(error, manifest, live);
  if (live && fixed.length > 0) {
    fail(fixedForEver(describeRef(keyOf(manifest)), fixed, wayToRecreate(manifest, live)?.cost));
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
      live: live ? show(fieldOf(live, field), manifest) : 'set',
      ours: show(fieldOf(manifest, field), manifest),
    }));
}

function show(value: unknown, { kind }: Manifest): string {
  if (value === undefined) return 'not said';
  return kind === 'Secret' ? masked : JSON.stringify(value);
}
