import type { Feature } from '../catalog/feature.ts';
import type { App, Component } from '../model/app.ts';
import { autoscalerKinds, chooseAutoscaler } from './choose-autoscaler.ts';
import { type RenderInputs, workloadKind, workloadName } from './component-context.ts';
import { isShared, ownerOfApp, withLabels } from './labels.ts';
import { objectName } from './names.ts';
import { intoPhases } from './phases.ts';
import type { Plan, Scale } from './plan.ts';
import { renderObjects } from './render-objects.ts';

/** What an app is on Kubernetes. Pure: the same app, catalog and inputs give the same bytes. */
export function renderPlan(app: App, features: readonly Feature[], inputs: RenderInputs): Plan {
  const owner = ownerOfApp(app);
  const objects = renderObjects(app, features, inputs);
  return {
    app: app.name,
    environment: app.environment.name,
    namespace: owner.namespace,
    protected: app.environment.protected,
    phases: intoPhases(
      objects.map(({ manifest, component, phase }) => ({
        manifest: withLabels(manifest, owner, component),
        phase,
      })),
    ),
    scale: app.components
      .filter(({ run }) => run.type === 'always')
      .map((component) => scaleOf(app, component, inputs.release)),
  };
}

function scaleOf(app: App, component: Component, release: number): Scale {
  const kind = workloadKind(component);
  const name = objectName(app.name, component.name, isShared(app));
  const { scaling } = component;
  return {
    component: component.name,
    apiVersion: 'apps/v1',
    kind,
    name: workloadName(kind, name, component, release),
    // One that sleeps later is seen to run first.
    replicas: scaling ? Math.max(scaling.min, 1) : component.instances,
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
