import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { plansOf } from '../support/plans.ts';

// A folder is a case: paas.yaml (and platform.yaml), and what its routes, traffic and metrics are on Kubernetes.

const home = join(import.meta.dirname, 'routing');
const folders = readdirSync(home);

/** What every component has; other tests look at it. */
const usual = new Set(['Deployment', 'ServiceAccount', 'CronJob', 'StatefulSet', 'PodDisruptionBudget']);

describe('routes, traffic and metrics', () => {
  test.each(folders)('%s', async (name) => {
    const manifests = (await plansOf(join(home, name))).flatMap(({ phases }) =>
      phases.flatMap((phase) => phase.manifests),
    );
    const shown = manifests
      .filter(
        ({ kind, spec }) => !usual.has(kind) && (spec as { type?: string } | undefined)?.type !== 'ClusterIP',
      )
      .map(({ metadata: { labels: _, ...metadata }, ...rest }) => ({ ...rest, metadata }));
    const pods = manifests.flatMap(({ kind, metadata, spec }) => {
      const { template } = (spec ?? {}) as { template?: { metadata: { annotations?: unknown }; spec: Pod } };
      const { annotations } = template?.metadata ?? {};
      const ports = template?.spec.containers.flatMap((one) => one.ports ?? []) ?? [];
      return name.startsWith('metrics') && kind === 'Deployment'
        ? [{ pods: metadata.name, annotations, ports }]
        : [];
    });
    const text = [...shown, ...pods]
      .map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' }))
      .join('---\n');
    await expect(text).toMatchFileSnapshot(join(home, name, 'expected.yaml'));
  });
});

interface Pod {
  readonly containers: readonly { readonly ports?: readonly unknown[] }[];
}
