import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Feature, Layer } from '../catalog/feature.ts';
import { placeAt } from '../document/value.ts';
import { isFolder } from '../host/is-folder.ts';
import { builtInLanguage } from '../model/build-app.ts';
import type { Language } from '../model/check-shape.ts';
import { noSuchFolder } from '../problems/catalog.ts';
import { fail } from '../problems/problem.ts';
import type { AppFile } from './app-file.ts';
import { type LoadedPlatform, loadPlatform } from './platform-file.ts';

/** What an app is read with: the platform's word, features of the platform and of the app, and so the language. */
export interface Surroundings {
  readonly platform: LoadedPlatform | undefined;
  /** Features that are not built in, of the platform before those of the app. */
  readonly own: readonly Feature[];
  readonly language: Language;
}

/** What stands around an app's file. Throws a PaasError with what is wrong in it. */
export async function loadSurroundings({
  file,
  cwd,
  platform: platformFile,
  feature,
}: Pick<AppFile, 'file' | 'cwd' | 'platform' | 'feature'>): Promise<Surroundings> {
  const platform = await loadPlatform(platformFile, cwd);
  const folders = featureFolders(platform, resolve(cwd, file), cwd);
  if (folders.length === 0 && !feature) return { platform, own: [], language: builtInLanguage };
  const { loadFeature, loadFeatures } = await import('../catalog/load-features.ts');
  const shownAs = (path: string): string => relative(cwd, path) || path;
  const own = feature
    ? [await loadFeature(feature, basename(feature), 'app', shownAs)]
    : (await Promise.all(folders.map(({ folder, layer }) => loadFeatures(folder, layer, shownAs)))).flat();
  const fragments = own.flatMap(({ name, schema }) => (schema ? [{ feature: name, schema }] : []));
  if (fragments.length === 0) return { platform, own, language: builtInLanguage };
  const { composeLanguage } = await import('../model/compose-language.ts');
  return { platform, own, language: await composeLanguage(fragments) };
}

/** Where features of the platform and of the app lie. */
export function featureFolders(
  platform: LoadedPlatform | undefined,
  appFile: string,
  cwd: string,
): { folder: string; layer: Layer }[] {
  const ofPlatform = (platform?.platform.features ?? []).map((said, index) => {
    const folder = resolve(cwd, dirname(platform!.path), said);
    if (!isFolder(folder)) fail(noSuchFolder(placeAt(platform!.document, ['features', index]), said));
    return { folder, layer: 'platform' as const };
  });
  const ofApp = { folder: join(dirname(appFile), '.paas', 'features'), layer: 'app' as const };
  return isFolder(ofApp.folder) ? [...ofPlatform, ofApp] : ofPlatform;
}
