import type { Feature, Role, Template } from '../catalog/feature.ts';
import type { App, Component } from '../model/app.ts';
import { badTemplate, featureConflict, type Setter, sameObject } from '../problems/catalog.ts';
import { fail, type Problem } from '../problems/problem.ts';
import { addByHand } from './add-by-hand.ts';
import { appContext, componentContext, type RenderInputs } from './component-context.ts';
import { isMap, type Json, merge, type Steps, valueIn } from './merge.ts';
import type { Manifest } from './plan.ts';
import { type Contribution, placeOf, type RenderedObject } from './rendered-object.ts';
import { type Context, evaluate, isTruthy, renderTemplate } from './template.ts';

/** Every object of an app, without the labels of its owner. Throws a PaasError with every conflict of features. */
export function renderObjects(
  app: App,
  features: readonly Feature[],
  inputs: RenderInputs,
): RenderedObject[] {
  const problems: Problem[] = [];
  const ordered = inOrder(features);
  const shared = appContext(app, inputs);
  const perComponent = ordered.filter((feature) => feature.for === 'component');
  const components = app.components.map((component) => componentContext(app, component, inputs));
  const objects = app.components.flatMap((component, index) =>
    renderFor(component, perComponent, { ...shared, component: components[index] }, problems),
  );
  const perApp = ordered.filter((feature) => feature.for === 'app');
  objects.push(...renderFor(undefined, perApp, { ...shared, components }, problems));
  if (inputs.additions) addByHand(objects, inputs.additions, problems);
  problems.push(...findTwins(objects));
  if (problems.length > 0) fail(...problems);
  return objects;
}

/** Those that come after others behind them; else in the order of their names. */
export function inOrder(features: readonly Feature[]): Feature[] {
  const left = [...features].sort((a, b) => (a.name < b.name ? -1 : 1));
  const done = new Set<string>();
  const ordered: Feature[] = [];
  while (left.length > 0) {
    const known = new Set(left.map(({ name }) => name));
    const next = left.findIndex(({ after }) => after.every((name) => done.has(name) || !known.has(name)));
    // A circle has no right order: the names decide.
    const [feature] = left.splice(Math.max(next, 0), 1);
    done.add(feature!.name);
    ordered.push(feature!);
  }
  return ordered;
}

interface Draft {
  manifest: Json;
  readonly ordinal: number;
  readonly phase: string | undefined;
  readonly contributions: Contribution[];
}

function renderFor(
  component: Component | undefined,
  features: readonly Feature[],
  context: Context,
  problems: Problem[],
): RenderedObject[] {
  const active = features
    .map((feature) => ({ feature, context: withOwnKeys(feature, context) }))
    .filter(({ feature, context: own }) => feature.when === undefined || truthy(feature, feature.when, own))
    .map(({ feature, context: own }) => ({ feature, context: withNames(feature, own) }));
  const drafts: Draft[] = [];
  for (const { feature, context: own } of active) {
    for (const template of feature.objects) {
      for (const [ordinal, manifest] of [render(feature, template, own)].flat().entries()) {
        if (!isMap(manifest)) continue;
        drafts.push({
          manifest,
          ordinal,
          phase: feature.phase,
          contributions: [{ feature: feature.name, template, value: manifest, root: [] }],
        });
      }
    }
  }
  for (const { feature, context: own } of component ? active : []) {
    for (const patch of feature.patches) {
      const value = render(feature, patch, own);
      if (!isMap(value) || Object.keys(value).length === 0) continue;
      const target = targetOf(patch.role, drafts);
      if (!target) continue;
      apply(
        target.draft,
        {
          feature: feature.name,
          template: patch,
          value: wrap(target.root, value, component!.name),
          root: target.root,
        },
        problems,
      );
    }
  }
  return drafts.map(({ manifest, ...rest }) => ({
    ...rest,
    manifest: manifest as Manifest,
    component: component?.name,
  }));
}

/** Lays one more word over an object; where it contradicts an earlier one, that is a problem naming both. */
function apply(draft: Draft, said: Contribution, problems: Problem[]): void {
  draft.manifest = merge(draft.manifest, said.value, (steps, before, after) => {
    const first =
      draft.contributions.findLast((one) => valueIn(one.value, steps) !== undefined) ??
      draft.contributions[0]!;
    const { kind, metadata } = draft.manifest as Manifest;
    const object = `${kind.toLowerCase()}/${metadata.name}`;
    problems.push(
      featureConflict(object, steps.join('.'), setter(first, steps, before), setter(said, steps, after)),
    );
    return before;
  });
  draft.contributions.push(said);
}

/** The context with the keys that a feature has brought: `null` where a component doesn't say them. */
function withOwnKeys(feature: Feature, context: Context): Context {
  const { component } = context;
  if (!feature.schema || !isMap(component)) return context;
  const unsaid = Object.fromEntries(feature.keys.map((key) => [key, null]));
  return { ...context, component: { ...unsaid, ...component } };
}

/** The context with the names of a feature's `let`; each knows those before it. */
function withNames(feature: Feature, context: Context): Context {
  let known = context;
  for (const { name, template } of feature.let) {
    const value = guarded(feature, feature.objects[0] ?? feature.patches[0], () =>
      renderTemplate(template, known),
    );
    known = { ...known, [name]: value };
  }
  return known;
}

function truthy(feature: Feature, expression: string, context: Context): boolean {
  return isTruthy(
    guarded(feature, feature.objects[0] ?? feature.patches[0], () => evaluate(expression, context)),
  );
}

function render(feature: Feature, template: Template, context: Context): Json {
  return guarded(feature, template, () => renderTemplate(template.template, context));
}

function guarded(feature: Feature, template: Template | undefined, act: () => Json): Json {
  try {
    return act();
  } catch (error) {
    const { source } = template?.root.at ?? { source: { path: feature.folder, text: '' } };
    const { message } = error as Error;
    return fail(badTemplate({ source, start: 0, end: 0 }, feature.name, message));
  }
}

/** Where the template of a workload's pods stands. */
const podSteps: Readonly<Record<string, Steps>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The part of a component's objects that a role names. */
function targetOf(role: Role, drafts: readonly Draft[]): { draft: Draft; root: Steps } | undefined {
  const find = (fits: (kind: string) => boolean): Draft | undefined =>
    drafts.find(({ manifest }) => fits((manifest as Manifest).kind));
  if (role === 'service') {
    const draft = find((kind) => kind === 'Service');
    return draft && { draft, root: [] };
  }
  const draft = find((kind) => podSteps[kind] !== undefined);
  if (!draft) return undefined;
  const pod = podSteps[(draft.manifest as Manifest).kind]!;
  if (role === 'workload') return { draft, root: [] };
  return { draft, root: role === 'pod' ? pod : [...pod, 'spec', 'containers', '*'] };
}

/** A value where it stands in the whole object; `*` is the component's own container. */
function wrap(root: Steps, value: Json, container: string): Json {
  return root.reduceRight<Json>(
    (inner, step) => (step === '*' ? [{ name: container, ...(inner as object) }] : { [step]: inner }),
    value,
  );
}

function setter(said: Contribution, steps: Steps, value: Json): Setter {
  return { feature: said.feature, value: JSON.stringify(value) ?? 'nothing', at: placeOf(said, steps) };
}

function findTwins(objects: readonly RenderedObject[]): Problem[] {
  const seen = new Map<string, RenderedObject>();
  return objects.flatMap((object) => {
    const { kind, metadata } = object.manifest;
    // What an app has is known by kind and name, whatever the group: two of one kind's name would be taken for one.
    const key = `${kind}/${metadata.name}`;
    const before = seen.get(key);
    seen.set(key, object);
    if (!before) return [];
    const of = ({ contributions: [first] }: RenderedObject): Setter => setter(first!, [], metadata.name);
    return [sameObject(`${kind.toLowerCase()}/${metadata.name}`, of(before), of(object))];
  });
}
