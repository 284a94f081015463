import type { Feature } from '../catalog/feature.ts';
import type { App, Component } from '../model/app.ts';
import { autoscalerKinds, chooseAutoscaler } from './choose-autoscaler.ts';
import { type RenderInputs, workloadKind, workloadName } from './component-context.ts';
import { isShared, ownerOfApp, withLabels } from './labels.ts';
import { objectName } from './names.ts';
import { intoPhases } from './phases.ts';
import type { Plan, Scale } from './plan.ts';
import { renderObjects } from './render-objects.ts';
import type { RenderedObject } from './rendered-object.ts';

/** Every object of an app as it is sent, with what it came from. */
export function renderLabelled(
  app: App,
  features: readonly Feature[],
  inputs: RenderInputs,
): RenderedObject[] {
  const owner = ownerOfApp(app);
  return renderObjects(app, features, inputs).map((object) => ({
    ...object,
    manifest: withLabels(object.manifest, owner, object.component),
  }));
}

/** What an app is on Kubernetes. Pure: the same app, catalog and inputs give the same bytes. */
export function renderPlan(app: App, features: readonly Feature[], inputs: RenderInputs): Plan {
  const owner = ownerOfApp(app);
  return {
    app: app.name,
    environment: app.environment.name,
    namespace: owner.namespace,
    protected: app.environment.protected,
    phases: intoPhases(renderLabelled(app, features, inputs)),
    scale: app.components
      .filter(({ run }) => run.type === 'always')
      .map((component) => scaleOf(app, component, inputs.release)),
  };
}

function scaleOf(app: App, component: Component, release: number): Scale {
  const kind = workloadKind(component);
  const name = objectName(app.name, component.name, isShared(app));
  const { scaling } = component;
  const uses = component.uses.filter((use) => use.kind === 'component').map((use) => use.name);
  return {
    component: component.name,
    apiVersion: 'apps/v1',
    kind,
    name: workloadName(kind, name, component, release),
    // One that sleeps later is seen to run first.
    replicas: scaling ? Math.max(scaling.min, 1) : component.instances,
    ...(uses.length > 0 && { uses }),
    ...(scaling && {
      autoscaler: {
        kind: autoscalerKinds[chooseAutoscaler(scaling).engine],
        name,
        min: scaling.min,
        max: scaling.max,
      },
    }),
  };
}
