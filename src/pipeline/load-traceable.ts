import { parseDocument } from '../document/parse.ts';
import type { App } from '../model/app.ts';
import { withEnvironment } from '../model/environment.ts';
import type { PlatformFile } from '../model/platform.ts';
import { assumedInputs } from '../plan/assumed-inputs.ts';
import type { RenderInputs } from '../plan/component-context.ts';
import type { RenderedObject } from '../plan/rendered-object.ts';
import type { Candidate } from '../provenance/trace.ts';
import type { AppFile } from './app-file.ts';
import { loadPlan } from './load-plan.ts';

/** The objects of an app as they are rendered offline, and everything that their values may come from. */
export interface TraceableApp {
  readonly objects: readonly RenderedObject[];
  readonly candidatesFor: (object: RenderedObject) => readonly Candidate[];
}

/** An app whose rendered values can be led back to their lines. `root` is the folder of this program. */
export async function loadTraceable(appFile: AppFile, root: string): Promise<TraceableApp> {
  const [loaded, { renderLabelled }, { withSecretsOf }, { originCandidates }] = await Promise.all([
    loadPlan(appFile, root),
    import('../plan/render-plan.ts'),
    import('../plan/pull-secrets.ts'),
    import('../provenance/origin-candidates.ts'),
  ]);
  const { app, features, files, additions, platform, language, document } = loaded;
  const inputs = { ...assumedInputs(app).inputs, files, additions };
  const source = document.at.source;
  const { root: written } = parseDocument(source);
  const render = (other: App, changed: RenderInputs, by: PlatformFile | undefined): RenderedObject[] =>
    renderLabelled(other, features, changed).map((object) => ({
      ...object,
      manifest: withSecretsOf(object.manifest, by?.platform.registries ?? {}, {
        app: other.name,
        environment: other.environment.name,
      }),
    }));
  return {
    objects: render(app, inputs, platform),
    candidatesFor: originCandidates({
      document: withEnvironment(document, app.environment.name, written),
      source,
      platform,
      language,
      inputs,
      render,
    }),
  };
}
