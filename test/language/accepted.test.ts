import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { readPlatform } from '../../src/model/platform.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { context, kubectl, kubectlInput } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { generateFile, mutate } from '../support/generate.ts';
import { root } from '../support/paas.ts';
import { Random } from '../support/random.ts';

// What validates and can be rendered is accepted by the real API server with strict validation.

withExtras('crds');

const count = 200;

/** What an app may find itself under; most find nothing. */
const platforms = [
  undefined,
  undefined,
  'routing: {type: gateway_api, gateway: infra/public, listeners: {http: http, https: https}}',
  'routing: {type: node_port}\nmonitoring: {type: prometheus_operator}',
  'domains: {example.com: {certificate: istio-system/tls}}\nmonitoring: {type: prometheus_operator, labels: {a: b}}',
].map((text) => {
  if (text === undefined) return undefined;
  const source = { path: 'platform.yaml', text };
  return readPlatform(parseDocument(source).root, source).file;
});

test.skipIf(context === '')(
  `manifests of ${count} generated apps are accepted`,
  { timeout: 300_000 },
  async () => {
    const namespace = `t-accepted-${randomBytes(4).toString('hex')}`;
    const features = await builtInFeatures(root);
    const items = apps(count).flatMap((app) =>
      renderPlan(app, features, { ...assumedInputs(app).inputs, files: {} })
        .phases.flatMap(({ manifests }) => manifests)
        .map((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, namespace } })),
    );
    expect(items.length).toBeGreaterThan(count);
    await kubectl('create', 'namespace', namespace);
    try {
      // Server-side, as paas applies; nothing is stored.
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const said = await kubectlInput(
        list,
        'apply',
        '--server-side',
        '--dry-run=server',
        '--validate=strict',
        '-f',
        '-',
      );
      expect(said.trim().split('\n')).toHaveLength(items.length);
    } finally {
      await kubectl('delete', 'namespace', namespace, '--wait=false');
    }
  },
);

/** Apps that validate and can be rendered: of generated files, and of real ones with slips of the fingers. */
function apps(wanted: number) {
  const real = globSync(['test/model/overlays/*/paas.yaml', 'examples/*/paas.yaml'], { cwd: root })
    .sort()
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const found = new Map<string, ReturnType<typeof checkSource>['apps'][number]['app']>();
  for (let seed = 1; found.size < wanted && seed < 100_000; seed++) {
    const random = new Random(seed);
    const generated = random.chance(0.5);
    const text = generated
      ? stringify(generateFile(random, 0.02), { aliasDuplicateObjects: false })
      : mutate(random.pick(real), random);
    const {
      apps: built,
      problems,
      notYet,
    } = checkSource({ path: 'paas.yaml', text }, undefined, random.pick(platforms));
    if (problems.length + notYet.length > 0) continue;
    for (const { app } of built) {
      const id = JSON.stringify(app);
      // Half of them from each source.
      const own = [...found.keys()].filter((key) => key.startsWith(generated ? 'g' : 'm')).length;
      if (own < wanted / 2) found.set(`${generated ? 'g' : 'm'}${id}`, app);
    }
  }
  expect(found.size).toBeGreaterThanOrEqual(wanted);
  return [...found.values()];
}
