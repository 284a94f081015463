import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cluster/run.ts';

// Kubernetes' own description of its kinds, as the JSON schemas that kubeconform reads: one file for each kind, with
// nothing to follow and nothing beside what is known, as in its usual collection (`…-standalone-strict`).

type Schema = { readonly [key: string]: unknown };

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Writes the schemas of some kinds, such as `Deployment`, into a folder. Gives kubeconform's pattern for them. */
export async function writeKubernetesSchemas(folder: string, kinds: ReadonlySet<string>): Promise<string> {
  const { definitions } = JSON.parse(readFileSync(join(await sourceOfKubernetes(), path), 'utf8')) as {
    definitions: Record<string, Schema>;
  };
  for (const definition of Object.values(definitions)) {
    const known = (definition['x-kubernetes-group-version-kind'] ?? []) as Kind[];
    const [only] = known;
    if (known.length !== 1 || !only || !kinds.has(only.kind)) continue;
    const name = [only.kind, only.group.split('.')[0], only.version].filter(Boolean).join('-').toLowerCase();
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(standalone(definition, definitions, only)));
  }
  return join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');
}

const path = 'api/openapi-spec/swagger.json';

/** The folder of Kubernetes' source, of the version that the test cluster has. */
async function sourceOfKubernetes(): Promise<string> {
  const cwd = join(import.meta.dirname, '../cluster/parts/kubernetes');
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' };
  return (
    JSON.parse(await run('go', ['mod', 'download', '-json', 'k8s.io/kubernetes'], { cwd, env })) as {
      Dir: string;
    }
  ).Dir;
}

function standalone(
  definition: Schema,
  all: Readonly<Record<string, Schema>>,
  { group, version, kind }: Kind,
): Schema {
  const schema = inline(definition, all, []) as { properties: Schema };
  const apiVersion = { type: 'string', enum: [group ? `${group}/${version}` : version] };
  const properties = { ...schema.properties, apiVersion, kind: { type: 'string', enum: [kind] } };
  return { $schema: 'http://json-schema.org/schema#', ...schema, properties };
}

/** With each reference replaced by what it leads to. */
function inline(value: unknown, all: Readonly<Record<string, Schema>>, way: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => inline(one, all, way));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...beside } = value as Schema;
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/definitions/', '');
    if (/\.(IntOrString|Quantity)$/.test(name)) return { oneOf: [{ type: 'string' }, { type: 'number' }] };
    return way.includes(name) ? {} : { ...(inline(all[name], all, [...way, name]) as Schema), ...beside };
  }
  const entries = Object.entries(beside).filter(
    ([key]) => !key.startsWith('x-kubernetes-') && key !== 'format',
  );
  const schema = Object.fromEntries(entries.map(([key, one]) => [key, inline(one, all, way)]));
  const closed = schema.properties && schema.additionalProperties === undefined;
  return closed ? { ...schema, additionalProperties: false } : schema;
}
