import { globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import type { Manifest, Plan } from '../../src/plan/plan.ts';
import { planToYaml } from '../../src/plan/to-yaml.ts';
import { toolPath } from '../cluster/tools.ts';
import { kubectlInput } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { makeTemporaryFolder, removeFolder } from '../support/folder.ts';
import { test } from '../support/namespace.ts';
import { root } from '../support/paas.ts';
import { plansOf } from '../support/plans.ts';
import { withTools } from '../support/tools.ts';

// What is rendered is what the real kinds of Istio, the Gateway API and prometheus-operator take, strictly.

withExtras('crds');
withTools('istioctl');

const cases = globSync(['examples/*/paas.yaml', 'test/plan/routing/*/paas.yaml'], { cwd: root })
  .map(dirname)
  .sort();

const manifestsOf = (plan: Plan): Manifest[] => plan.phases.flatMap(({ manifests }) => [...manifests]);

describe('what each example and case of routing renders to', () => {
  test.for(cases)('%s is accepted', async (folder, { namespace }) => {
    for (const plan of await plansOf(join(root, folder))) {
      const items = manifestsOf(plan).map((one) => ({ ...one, metadata: { ...one.metadata, namespace } }));
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      // What the API server warns of, such as a version that is going away, counts too.
      const how = [
        '--warnings-as-errors',
        '--server-side',
        '--dry-run=server',
        '--validate=strict',
        '--filename=-',
      ];
      const said = await kubectlInput(list, 'apply', ...how);
      expect(said.trim().split('\n')).toHaveLength(items.length);
    }
  });
});

describe("Istio's own analysis finds nothing in", () => {
  const ofIstio = cases.filter((folder) => !folder.includes('gateway-api'));

  test.for(ofIstio)('%s', async (folder) => {
    const istioctl = await toolPath('istioctl');
    const home = makeTemporaryFolder();
    // What the platform has, where the case needs something of it.
    const beside = globSync('beside.yaml', { cwd: join(root, folder) }).map((name) =>
      join(root, folder, name),
    );
    try {
      for (const [index, plan] of (await plansOf(join(root, folder))).entries()) {
        const file = join(home, `${index}.yaml`);
        writeFileSync(file, planToYaml(plan));
        const args = ['analyze', '--use-kube=false', '--namespace', plan.namespace, '--output=json'];
        const options = { reject: false, env: { HOME: home } };
        const { stdout, stderr } = await execa(istioctl, [...args, file, ...beside], options);
        expect(stderr).toMatch(/^✔ No validation issues found[^()]*$/);
        expect(JSON.parse(stdout)).toEqual([]);
      }
    } finally {
      removeFolder(home);
    }
  });
});
