import type { App } from '../model/app.ts';
import { applySetId, inventoryName, labelKeys, namespaceName, ownerName, truncate } from './names.ts';
import type { Manifest } from './plan.ts';

/** Whose an object is. */
export interface Owner {
  readonly app: string;
  readonly environment: string;
  readonly namespace: string;
}

/** Whether other apps are in the namespace too: then the names of objects begin with the app's. */
export const isShared = ({ environment }: App): boolean => environment.namespaces?.shared ?? false;

/** Whose the objects of an app are. */
export function ownerOfApp({ name, environment }: App): Owner {
  const pattern = environment.namespaces?.pattern;
  const namespace = environment.namespace ?? namespaceName(name, environment.name, pattern);
  return { app: name, environment: environment.name, namespace };
}

/** The labels of everything that an app has in the cluster, its state record and lock included. */
export function ownerLabels(owner: Owner): Record<string, string> {
  return {
    'app.kubernetes.io/part-of': owner.app,
    'app.kubernetes.io/managed-by': 'paas',
    [labelKeys.app]: owner.app,
    [labelKeys.environment]: owner.environment,
    [labelKeys.owner]: ownerName(owner.app, owner.environment),
  };
}

/** A manifest with its namespace and the labels of its owner and, where it has one, its component. */
export function withLabels(manifest: Manifest, owner: Owner, component: string | undefined): Manifest {
  const { apiVersion, kind, metadata, ...rest } = manifest;
  const labels = {
    'app.kubernetes.io/name': component ?? owner.app,
    'app.kubernetes.io/instance': truncate(`${owner.app}-${owner.environment}`, 63),
    ...ownerLabels(owner),
    'applyset.kubernetes.io/part-of': applySetId(
      inventoryName(owner.app, owner.environment),
      owner.namespace,
    ),
    ...(component !== undefined && { [labelKeys.component]: component }),
    ...metadata.labels,
  };
  return { apiVersion, kind, metadata: { ...metadata, namespace: owner.namespace, labels }, ...rest };
}
