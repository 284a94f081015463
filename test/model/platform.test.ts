import { expect, test } from 'vitest';
import { parseDocument } from '../../src/document/parse.ts';
import { readPlatform } from '../../src/model/platform.ts';
import { platformSchema } from '../../src/model/platform-schema.ts';
import type { SchemaNode } from '../../src/model/schema.ts';

const source = (text: string) => ({ path: 'platform.yaml', text });
const read = (text: string) => readPlatform(parseDocument(source(text)).root, source(text));

test('a platform file comes out completed', () => {
  const { file, problems } = read(`clusters:
  north: {server: "https://north.example.com:6443"}
registries: {registry.example.com: {pull_secret: pull}}
unit: {cpu: 2}
defaults: {production: {cluster: north, protected: true}}
guard_rails: {max_memory: 16GB}
`);
  expect(problems).toEqual([]);
  expect(file?.platform).toEqual({
    platform: 1,
    clusters: { north: { server: 'https://north.example.com:6443' } },
    registries: { 'registry.example.com': { pull_secret: 'pull', plain_http: false } },
    base_images: {},
    domains: {},
    routing: { type: 'istio', selector: { istio: 'ingressgateway' } },
    monitoring: { type: 'annotations' },
    unit: { cpu: '2', memory: '512M', disk: '200G', bandwidth: '100M' },
    defaults: { production: { cluster: 'north', protected: true } },
    namespaces: { pattern: '{app}-{environment}', shared: false, create: true },
    guard_rails: { max_memory: '16G', no_latest: true, run_as_root: false },
    features: [],
    shadow: [],
  });
});

test('one unit is 1 CPU, 512 MB, 200 GB and 100 Mbit/s where nothing else is said', () => {
  expect(read('features: [mine]\n').file?.platform.unit).toEqual({
    cpu: '1',
    memory: '512M',
    disk: '200G',
    bandwidth: '100M',
  });
});

test('every key has a description and an example', () => {
  const silent: string[] = [];
  const visit = (node: SchemaNode, path: string): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (!child.description || !child.examples) silent.push(`${path}${key}`);
      visit(child, `${path}${key}.`);
    }
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}*.`);
  };
  visit(platformSchema, '');
  expect(silent).toEqual([]);
});
