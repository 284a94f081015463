import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtInFeatures } from '../../src/catalog/built-in-features.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import { loadTraceable } from '../../src/pipeline/load-traceable.ts';
import { assumedInputs } from '../../src/plan/assumed-inputs.ts';
import { renderLabelled } from '../../src/plan/render-plan.ts';
import type { RenderedObject } from '../../src/plan/rendered-object.ts';
import type { Place } from '../../src/problems/problem.ts';
import { type ExplainedValue, explainObject } from '../../src/provenance/explain-object.ts';
import { describeLeaf, leavesOf } from '../../src/provenance/leaves.ts';
import { otherValues } from '../../src/provenance/other-values.ts';
import { root } from '../support/paas.ts';

// The line that `paas explain` names for a rendered value is the right one: when the text of that line is changed in
// the file, the value changes. Held for every value of every object of the example shop.

const folder = join(root, 'examples/shop');
const text = readFileSync(join(folder, 'paas.yaml'), 'utf8');
const features = await builtInFeatures(root);

describe.each(['staging', 'production'])('every value of shop in %s', async (env) => {
  const { objects, candidatesFor } = await loadTraceable({ file: 'paas.yaml', env, cwd: folder }, root);

  test.each(objects.map((object, index) => [nameOf(object), index] as const))('%s', (_, index) => {
    const object = objects[index]!;
    const values = explainObject(object, undefined, candidatesFor(object));
    expect(values.length).toBe(leavesOf(object.manifest).size);
    for (const value of values) {
      const [origin] = value.origins;
      if (origin?.kind === 'said') {
        expect(changesAt(origin.at!, env, object, value), `${value.field}: ${origin.key}`).toBe(true);
      } else if (origin === undefined) {
        expect(constants, value.field).toContain(lastName(value.field));
      }
    }
    // A value that shows what a line says is led back to such a line, not called a default or a constant.
    const image = values.find(({ field }) => field.endsWith('.image'));
    if (image) expect(image.origins[0]?.key).toMatch(/^components\.\w+\.image$/);
  });
});

/** Fields that are the same whatever an app says. */
const constants = [
  'apiVersion',
  'kind',
  'app.kubernetes.io/managed-by',
  'paas.internal/track',
  'type',
  'maxUnavailable',
  'maxSurge',
  'minReadySeconds',
  'revisionHistoryLimit',
  'automountServiceAccountToken',
  'enableServiceLinks',
  'imagePullPolicy',
  'name',
  'mountPath',
  'scheme',
  'ephemeral-storage',
  'allowPrivilegeEscalation',
  '0',
  'mode',
  'emptyDir',
  'seconds',
  'immutable',
  'backoffLimit',
  'completions',
  'parallelism',
  'restartPolicy',
  'suspend',
  'startingDeadlineSeconds',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
  'progressDeadlineSeconds',
  'unhealthyPodEvictionPolicy',
];

function lastName(field: string): string {
  return [...field.matchAll(/\[([^\]]+)\]|[^.[\]]+/g)].map(([whole, inner]) => inner ?? whole).at(-1)!;
}

/** Whether a value changes when something else is written at a place of the file. */
function changesAt(
  at: Place,
  env: string,
  { component, contributions }: RenderedObject,
  { field, value }: ExplainedValue,
): boolean {
  const said = text.slice(at.start, at.end);
  return renderedWithout(at, env).some((rendered) => {
    const twin = rendered.find(
      (one) =>
        one.contributions[0]?.template.file.endsWith(contributions[0]!.template.file) &&
        (one.component === component || (said === component && one.component?.includes(said))),
    );
    if (!twin) return true;
    const after = [...leavesOf(twin.manifest)].find(([leaf]) => describeLeaf(leaf, twin.manifest) === field);
    return JSON.stringify(after?.[1]) !== JSON.stringify(value);
  });
}

const edits = new Map<string, RenderedObject[][]>();

/** The app with other texts at a place. A component is called otherwise in its overlays too. */
function renderedWithout(at: Place, env: string): RenderedObject[][] {
  const key = `${env} ${at.start}`;
  const known = edits.get(key);
  if (known) return known;
  const said = text.slice(at.start, at.end);
  const others = [
    ...['string', 'integer', 'boolean'].flatMap((type) => otherValues(said, { type })),
    ...['137m', '41s', '7 7 * * *', 'Africa/Nairobi', 'other/image:137', '137Mi', 'once', 'replace'],
  ];
  const isName = text.slice(at.end).startsWith(':');
  const found = others.flatMap((other) => {
    const edited = isName
      ? text.replaceAll(new RegExp(`(?<=[\\s{])${said.replaceAll('/', '\\/')}:`, 'g'), `${other}:`)
      : text.slice(0, at.start) + other + text.slice(at.end);
    const rendered = render(edited, env === said ? other : env);
    return rendered ? [rendered] : [];
  });
  edits.set(key, found);
  return found;
}

function render(edited: string, env: string): RenderedObject[] | undefined {
  try {
    const { apps, problems } = checkSource({ path: 'paas.yaml', text: edited }, env);
    if (problems.length > 0) return undefined;
    const files = { 'config/shop.yml': readFileSync(join(folder, 'config/shop.yml')) };
    const { app } = apps[0]!;
    return renderLabelled(app, features, { ...assumedInputs(app).inputs, files });
  } catch {
    return undefined;
  }
}

function nameOf({ manifest }: RenderedObject): string {
  return `${manifest.kind.toLowerCase()}/${manifest.metadata.name}`;
}
