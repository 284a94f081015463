import { type Cluster, describeRef } from '../../cluster/cluster.ts';
import { listObjects } from '../../cluster/objects.ts';
import { type Manifest, manifestsOf, type Plan } from '../../plan/plan.ts';
import { storageClassMissing } from '../../problems/pre-flight.ts';
import { type Check, notChecked, ok, outcome } from './check.ts';
import { readable } from './readable.ts';

/** A claim of a volume, and the object that makes it. */
interface ClaimSpec {
  readonly storageClassName?: string;
}

/** Whether the cluster has the storage classes that volumes are to be of. */
export async function checkStorage(cluster: Cluster, plan: Plan): Promise<Check> {
  const claims = manifestsOf(plan).flatMap(claimsOf);
  if (claims.length === 0) return ok('storage', 'none is needed');
  const kind = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' };
  const classes = await readable(async () => (await listObjects(cluster, kind)).items);
  if (!classes) return notChecked('storage', 'you may not list storage classes');
  const byDefault = 'storageclass.kubernetes.io/is-default-class';
  const problems = claims
    .filter(({ name }) =>
      name === undefined
        ? !classes.some(({ metadata }) => metadata.annotations?.[byDefault] === 'true')
        : name !== '' && !classes.some(({ metadata }) => metadata.name === name),
    )
    .map(({ name, object }) => storageClassMissing(name, object));
  return outcome('storage', problems, 'the storage classes are there');
}

function claimsOf({ kind, metadata, spec }: Manifest): { object: string; name: string | undefined }[] {
  const object = describeRef({ kind, name: metadata.name });
  if (kind === 'PersistentVolumeClaim') return [{ object, name: (spec as ClaimSpec).storageClassName }];
  const { volumeClaimTemplates = [] } = (spec ?? {}) as { volumeClaimTemplates?: { spec?: ClaimSpec }[] };
  return volumeClaimTemplates.map((claim) => ({ object, name: claim.spec?.storageClassName }));
}
