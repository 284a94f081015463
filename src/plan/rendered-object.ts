import type { Template } from '../catalog/feature.ts';
import type { Place } from '../problems/problem.ts';
import type { Json, Steps } from './merge.ts';
import type { Manifest } from './plan.ts';
import { placeInTemplate } from './template-place.ts';

/** What one template said of an object. The first made it, the others changed it. */
export interface Contribution {
  /** The feature, or the file that a person wrote by hand. */
  readonly feature: string;
  readonly template: Template;
  /** As an object: a patch of a container stands where the container stands. */
  readonly value: Json;
  /** Where in the object the template's own root stands. */
  readonly root: Steps;
}

/** An object, and what it came from. */
export interface RenderedObject {
  readonly manifest: Manifest;
  /** Undefined: it belongs to the app as a whole. */
  readonly component: string | undefined;
  readonly phase: string | undefined;
  /** Which of the objects that one template makes for one component. */
  readonly ordinal: number;
  readonly contributions: readonly Contribution[];
}

/** Where a template says a field of an object. */
export function placeOf(said: Contribution, steps: Steps): Place {
  return placeInTemplate(said.template, steps.slice(said.root.length));
}
