import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { applyObject } from '../cluster/objects.ts';
import type { Manifest } from '../plan/plan.ts';
import { rejected } from '../problems/cluster.ts';
import { type FieldConflict, foreignOwner, namespaceEnding } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { keyOf } from './read-state.ts';

/** Programs that people type at: what they changed by hand is taken back to what the file says. */
const peoplesTools = /^(kubectl|k9s|rancher|Lens|Go-http-client|HeadLamp)/i;
/** Programs that own their fields for good: autoscalers, injectors. */
const controllers = /^(kube-controller-manager|horizontal-pod-autoscaler|keda-operator|vpa-|istio|pilot)/;

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
    settled = theirs.reduce((object, { field }) => withoutField(object, field), settled);
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
  if (isStatus(error, 400, 422)) fail(rejected(describeRef(keyOf(manifest)), error.message));
  if (isStatus(error, 403) && /being terminated/.test(error.message)) {
    fail(namespaceEnding(manifest.metadata.namespace ?? ''));
  }
  if (isStatus(error, 403) && /denied the request|exceeded quota|violates PodSecurity/.test(error.message)) {
    fail(rejected(describeRef(keyOf(manifest)), error.message));
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

/** The steps of a field path such as `.spec.containers[name="web"].image`. */
function stepsOf(field: string): (string | Record<string, string>)[] {
  return [...field.matchAll(/\.((?:[^.[\]\\]|\\.)+)|\[([^\]]*)\]/g)].map(([, name, key]) => {
    if (name !== undefined) return name;
    const pairs = [...(key ?? '').matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
    return Object.fromEntries(pairs.map(([, of, value]) => [of!, value!.replace(/^"|"$/g, '')]));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: walks a value of any shape.
function descend(value: any, step: string | Record<string, string>): any {
  if (typeof step !== 'string') {
    const matches = (item: Record<string, unknown>): boolean =>
      Object.entries(step).every(([key, wanted]) => String(item?.[key]) === wanted);
    return Array.isArray(value) ? value.find(matches) : undefined;
  }
  return value?.[step];
}

function fieldOf(manifest: Pick<Manifest, 'metadata'>, field: string): unknown {
  const direct = labelOf(field);
  if (direct) return (manifest.metadata[direct.map] as Record<string, string> | undefined)?.[direct.key];
  return stepsOf(field).reduce(descend, manifest as unknown);
}

/** Labels and annotations have dots in their keys. */
function labelOf(field: string): { map: 'labels' | 'annotations'; key: string } | undefined {
  const match = /^\.metadata\.(labels|annotations)\.(.+)$/.exec(field);
  return match ? { map: match[1] as 'labels' | 'annotations', key: match[2]! } : undefined;
}

function withoutField(manifest: Manifest, field: string): Manifest {
  const copy = structuredClone(manifest) as Manifest;
  const direct = labelOf(field);
  if (direct) {
    delete (copy.metadata[direct.map] as Record<string, string> | undefined)?.[direct.key];
    return copy;
  }
  const steps = stepsOf(field);
  const last = steps.at(-1);
  const parent = steps.slice(0, -1).reduce(descend, copy as unknown);
  if (typeof last === 'string') delete (parent as Record<string, unknown> | undefined)?.[last];
  return copy;
}
