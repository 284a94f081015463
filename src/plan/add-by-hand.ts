import type { Additions } from '../catalog/additions.ts';
import type { Template } from '../catalog/feature.ts';
import { startOf } from '../document/value.ts';
import { badAddition, nothingToPatch } from '../problems/catalog.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { isMap, merge } from './merge.ts';
import type { Manifest } from './plan.ts';
import type { RenderedObject } from './rendered-object.ts';

/** Adds the objects that a person wrote, and lays their patches over what is there: they have the last word. */
export function addByHand(
  objects: RenderedObject[],
  { manifests, patches }: Additions,
  problems: Problem[],
): void {
  for (const template of manifests) {
    const wrong = wrongObject(template, ['apiVersion', 'kind']);
    if (wrong) problems.push(wrong);
    else objects.push(asObject(template));
  }
  for (const template of patches) {
    const wrong = wrongObject(template, ['kind']);
    if (wrong) problems.push(wrong);
    else patch(objects, template, problems);
  }
}

function asObject(template: Template): RenderedObject {
  const manifest = template.template as Manifest;
  const contribution = { feature: template.file, template, value: manifest, root: [] };
  return { manifest, component: undefined, phase: undefined, ordinal: 0, contributions: [contribution] };
}

function patch(objects: RenderedObject[], template: Template, problems: Problem[]): void {
  const { apiVersion, kind, metadata } = template.template as Manifest;
  const index = objects.findIndex(
    ({ manifest }) =>
      manifest.kind === kind &&
      manifest.metadata.name === metadata.name &&
      (apiVersion === undefined || manifest.apiVersion === apiVersion),
  );
  const found = objects[index];
  if (!found) {
    const names = objects.map(({ manifest }) => nameOf(manifest));
    const meant = nearest(nameOf({ kind, metadata }), names);
    problems.push(nothingToPatch(startOf(template.root.at), nameOf({ kind, metadata }), meant));
    return;
  }
  objects[index] = {
    ...found,
    manifest: merge(found.manifest, template.template, (_steps, _before, after) => after) as Manifest,
    contributions: [
      ...found.contributions,
      { feature: template.file, template, value: template.template, root: [] },
    ],
  };
}

const nameOf = ({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string =>
  `${kind.toLowerCase()}/${metadata.name}`;

function wrongObject({ template, root }: Template, needed: readonly string[]): Problem | undefined {
  const at = startOf(root.at);
  if (!isMap(template)) return badAddition(at, 'This is not a Kubernetes object.');
  const missing = needed.find((key) => typeof template[key] !== 'string');
  if (missing) return badAddition(at, `It doesn't say its ${missing}.`);
  const { metadata } = template;
  if (!isMap(metadata) || typeof metadata.name !== 'string')
    return badAddition(at, "It doesn't say its metadata.name.");
  if (metadata.namespace !== undefined) {
    return badAddition(at, 'It says a namespace; the one of the app and its environment is filled in.');
  }
  return undefined;
}
