import { isOwn, type State } from '../changes/read-state.ts';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { createObject, deleteObject, getObject, replaceObject } from '../cluster/objects.ts';
import type { ChangeSummary, Event } from '../events.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { labelKeys, managerName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { copiedPullSecrets } from '../plan/pull-secrets.ts';
import { recordMoved } from '../problems/deploy.ts';
import {
  pullSecretForeign,
  pullSecretMissing,
  pullSecretOfAnotherType,
  pullSecretUnreadable,
} from '../problems/platform.ts';
import { fail, type Problem } from '../problems/problem.ts';

// Instances pull with Secrets of their own namespace. The platform has its registries' in one place; an app gets a copy.
// Only what the platform names is copied: the login of whoever deploys is theirs, may do more than pull, and is never
// put into a cluster. A copy is no part of the plan, so that it stands in no release and no file. It goes with the first
// release that succeeds without it: going back to one that pulls with it copies it again, and must ask for the original
// either way; what the platform has taken back must not stay behind for that.

/** A copy that isn't there, or isn't what it is a copy of any more. */
export interface StaleCopy {
  readonly name: string;
  readonly source: KubeObject;
  readonly there: KubeObject | undefined;
}

/** The types of Secret that a node can pull with. */
const types = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

/**
 * The same as `lookAtCopies`. Throws a PaasError where an original isn't there, may not be read, or isn't of the kind.
 */
export async function staleCopies(cluster: Cluster, owner: Owner, plan: Plan): Promise<readonly StaleCopy[]> {
  const { stale, problems } = await lookAtCopies(cluster, owner, plan);
  if (problems.length > 0) fail(...problems);
  return stale;
}

/** Compares the copies that a plan pulls with with their originals: two requests for each. */
export async function lookAtCopies(
  cluster: Cluster,
  owner: Owner,
  plan: Plan,
): Promise<{ readonly stale: readonly StaleCopy[]; readonly problems: readonly Problem[] }> {
  const stale: StaleCopy[] = [];
  const problems: Problem[] = [];
  for (const { name, source } of copiedPullSecrets(plan)) {
    const ref = { apiVersion: 'v1', kind: 'Secret', ...source };
    const original = await getObject(cluster, ref).catch((error: unknown) => {
      if (isStatus(error, 403)) return 'unreadable' as const;
      throw error;
    });
    const there = await getObject(cluster, { ...ref, name, namespace: owner.namespace });
    if (original === 'unreadable') problems.push(pullSecretUnreadable(source.namespace, source.name));
    else if (!original) problems.push(pullSecretMissing(source.namespace, source.name));
    else if (!types.includes(original.type))
      problems.push(pullSecretOfAnotherType(source.namespace, source.name, original.type));
    else if (there && !isOwn(there, owner)) problems.push(pullSecretForeign(owner.namespace, name));
    else if (!there || !same(there, original)) stale.push({ name, source: original, there });
  }
  return { stale, problems };
}

/** Copies that a plan doesn't pull with. */
export function unneededCopies(plan: Plan, state: Pick<State, 'pullSecretCopies'>): readonly KubeObject[] {
  const needed = new Set(copiedPullSecrets(plan).map(({ name }) => name));
  return state.pullSecretCopies.filter(({ metadata }) => !needed.has(metadata.name));
}

/** What brings the copies up to date, and those that go, for people to see. */
export function copyChanges(stale: readonly StaleCopy[], unneeded: readonly KubeObject[]): ChangeSummary[] {
  return [
    ...stale.map(
      ({ name, there }): ChangeSummary => ({
        action: there ? 'update' : 'create',
        object: `secret/${name}`,
      }),
    ),
    ...unneeded.map(
      ({ metadata }): ChangeSummary => ({ action: 'delete', object: `secret/${metadata.name}` }),
    ),
  ];
}

/** Brings the copies up to date. The namespace must be there. */
export async function* copyPullSecrets(
  cluster: Cluster,
  owner: Owner,
  stale: readonly StaleCopy[],
): AsyncGenerator<Event> {
  const manager = managerName(owner.app, owner.environment);
  for (const { name, source, there } of stale) {
    const { namespace } = owner;
    const resourceVersion = there?.metadata.resourceVersion;
    const copy: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace,
        labels: { ...ownerLabels(owner), [labelKeys.pullSecret]: 'true' },
        annotations: { [labelKeys.pullSecret]: `${source.metadata.namespace}/${source.metadata.name}` },
      },
      type: source.type,
      data: source.data,
    };
    // A Secret's type never changes.
    const anew = there !== undefined && there.type !== source.type;
    if (anew) await deleteObject(cluster, refOf(there), { uid: there.metadata.uid });
    const written =
      there && !anew
        ? await replaceObject(
            cluster,
            { ...copy, metadata: { ...copy.metadata, ...(resourceVersion && { resourceVersion }) } },
            manager,
          )
        : await createObject(cluster, copy, manager);
    if (!written) fail(recordMoved());
    yield { type: 'done', action: there ? 'update' : 'create', object: `secret/${name}` };
  }
}

/** Removes copies, each where it is still the one that was seen. */
export async function* removeCopies(cluster: Cluster, copies: readonly KubeObject[]): AsyncGenerator<Event> {
  for (const copy of copies) {
    if (await deleteObject(cluster, refOf(copy), { uid: copy.metadata.uid }))
      yield { type: 'done', action: 'delete', object: `secret/${copy.metadata.name}` };
  }
}

function refOf({ metadata: { name, namespace } }: KubeObject) {
  return { apiVersion: 'v1', kind: 'Secret', name, ...(namespace && { namespace }) };
}

function same(a: KubeObject, b: KubeObject): boolean {
  const sorted = (data: object = {}): string => JSON.stringify(Object.entries(data).sort());
  return a.type === b.type && sorted(a.data) === sorted(b.data);
}
