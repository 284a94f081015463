import type { Feature } from '../catalog/feature.ts';
import type { App } from '../model/app.ts';
import { componentContext } from './component-context.ts';
import { ownerOfApp, withLabels } from './labels.ts';
import { objectName } from './names.ts';
import { intoPhases } from './phases.ts';
import type { Manifest, Plan } from './plan.ts';
import { renderTemplate } from './template.ts';

/** What an app is on Kubernetes. Pure: the same app and catalog give the same bytes. */
export function renderPlan(app: App, features: readonly Feature[]): Plan {
  const environment = app.environment;
  const owner = ownerOfApp(app);
  const manifests = app.components.flatMap((component) => {
    const context = {
      app: app.name,
      environment: environment.name,
      component: componentContext(app, component),
    };
    return features
      .flatMap((feature) => feature.objects.map((template) => renderTemplate(template, context)))
      .filter((rendered) => rendered !== null && rendered !== undefined)
      .map((rendered) => withLabels(rendered as Manifest, owner, component.name));
  });
  return {
    app: app.name,
    environment: environment.name,
    namespace: owner.namespace,
    protected: environment.protected,
    phases: intoPhases(manifests),
    scale: app.components.map((component) => ({
      component: component.name,
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: objectName(app.name, component.name, environment.namespaces?.shared ?? false),
      replicas: component.instances,
    })),
  };
}
