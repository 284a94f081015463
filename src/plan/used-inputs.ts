import type { Feature } from '../catalog/feature.ts';
import type { App } from '../model/app.ts';
import { storedSecrets } from './assumed-inputs.ts';
import type { ClusterInputs } from './component-context.ts';

/**
 * Of what only the cluster can tell, what the plan of an app depends on, the same in the same words: of equal ones the
 * plans are equal, and an app is rendered once. Most don't depend on the release's number, which a deploy learns last.
 */
export function usedInputs(app: App, features: readonly Feature[], inputs: ClusterInputs): ClusterInputs {
  const secrets = [...storedSecrets(app)].sort();
  const images = app.components.map(({ name, image }) => [name, inputs.images?.[name] ?? image] as const);
  return {
    release: usesRelease(app, features) ? inputs.release : 1,
    secrets: Object.fromEntries(secrets.map((name) => [name, inputs.secrets[name] ?? 1])),
    images: Object.fromEntries(images),
  };
}

/** The name of a job before the deploy has it; a template may ask for it. */
function usesRelease({ components }: App, features: readonly Feature[]): boolean {
  return components.some(({ run }) => run.type === 'before_deploy') || features.some(namesRelease);
}

/** A template can't come by a value without its name. */
function namesRelease({ when, let: names, objects, patches }: Feature): boolean {
  const templates = [when, names, ...[...objects, ...patches].map(({ template }) => template)];
  return /\brelease\b/.test(JSON.stringify(templates));
}
