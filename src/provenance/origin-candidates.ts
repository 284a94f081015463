import type { MapValue } from '../document/value.ts';
import type { App } from '../model/app.ts';
import { readApps } from '../model/build-app.ts';
import type { Language } from '../model/check-shape.ts';
import { type PlatformFile, readPlatform } from '../model/platform.ts';
import { platformSchema } from '../model/platform-schema.ts';
import type { RenderInputs } from '../plan/component-context.ts';
import type { RenderedObject } from '../plan/rendered-object.ts';
import { PaasError, type Source } from '../problems/problem.ts';
import { defaultCandidates, saidCandidates } from './candidates.ts';
import { type Candidate, trace } from './trace.ts';

/** What an app is rendered from. */
export interface Traced {
  /** The document of its environment, as a file that has no other. */
  readonly document: MapValue;
  readonly source: Source;
  readonly platform: PlatformFile | undefined;
  readonly language: Language;
  readonly inputs: RenderInputs;
  readonly render: (
    app: App,
    inputs: RenderInputs,
    platform: PlatformFile | undefined,
  ) => readonly RenderedObject[];
}

/** For each object, everything that its values may come from. What is tried for one is not rendered again for another. */
export function originCandidates(traced: Traced): (object: RenderedObject) => readonly Candidate[] {
  const { document, source, platform, language, inputs, render } = traced;
  const renderAs = (
    other: MapValue,
    by: PlatformFile | undefined = platform,
    changed: RenderInputs = inputs,
  ): readonly RenderedObject[] | undefined => {
    try {
      const { apps, problems, notYet } = readApps(other, source, (known) => known, by, language);
      const [built] = apps;
      return problems.length + notYet.length > 0 || !built ? undefined : render(built.app, changed, by);
    } catch (error) {
      if (error instanceof PaasError) return undefined;
      throw error;
    }
  };
  const other = (changed: Partial<RenderInputs>) => () =>
    renderAs(document, platform, { ...inputs, ...changed });
  const shared = [
    ...saidCandidates(document, language.schema, renderAs),
    ...platformCandidates(platform, (by) => renderAs(document, by)),
    ...inputCandidates(inputs, other),
  ].map(renderedOnce);
  return (object) => {
    const names = object.component === undefined ? componentsOf(object, shared) : [object.component];
    return [
      ...shared,
      ...names.flatMap((name) => defaultCandidates(document, name, language.schema, renderAs)),
    ];
  };
}

/** The components that an object of the whole app says something of. */
function componentsOf(object: RenderedObject, candidates: readonly Candidate[]): string[] {
  const keys = [...trace(object, candidates).values()].flat().map(({ key }) => key);
  return [...new Set(keys.flatMap((key) => /^components\.([a-z0-9-]+)/.exec(key)?.[1] ?? []))];
}

function renderedOnce({ origin, tries }: Candidate): Candidate {
  const once = tries.map((attempt) => {
    let found: { objects: ReturnType<typeof attempt> } | undefined;
    return () => {
      found ??= { objects: attempt() };
      return found.objects;
    };
  });
  return { origin, tries: once };
}

function platformCandidates(
  platform: PlatformFile | undefined,
  render: (platform: PlatformFile) => readonly RenderedObject[] | undefined,
): Candidate[] {
  if (!platform) return [];
  const { document } = platform;
  const renderAs = (other: MapValue) => {
    const { file } = readPlatform(other, document.at.source);
    return file && render(file);
  };
  return saidCandidates(document, platformSchema, renderAs).map(({ origin, tries }) => ({
    origin: { ...origin, key: `platform.${origin.key}` },
    tries,
  }));
}

function inputCandidates(
  inputs: RenderInputs,
  render: (changed: Partial<RenderInputs>) => Candidate['tries'][number],
): Candidate[] {
  const { release, secrets, files } = inputs;
  const input = (key: string, text: string, changed: Partial<RenderInputs>): Candidate => ({
    origin: { kind: 'input', key, text },
    tries: [render(changed)],
  });
  return [
    input('the number of the release', String(release), { release: release + 1 }),
    ...Object.entries(secrets).map(([name, version]) =>
      input(`the newest version of the secret ${name}`, String(version), {
        secrets: { ...secrets, [name]: version + 1 },
      }),
    ),
    ...Object.keys(files).map((file) =>
      input(`what is in ${file}`, new TextDecoder().decode(files[file]), {
        files: { ...files, [file]: new TextEncoder().encode('something else') },
      }),
    ),
  ];
}
