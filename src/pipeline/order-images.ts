import { dirname, resolve } from 'node:path';
import { placeAt } from '../document/value.ts';
import type { ImageOrder, MakeImagesOptions } from '../images/make-images.ts';
import { registryNeeded } from '../problems/build.ts';
import { fail } from '../problems/problem.ts';
import type { AppFile } from './app-file.ts';
import type { LoadedApp } from './load-app.ts';
import { loadRuntimesFor } from './load-runtimes.ts';

export interface RegistryChoice {
  /** `--registry`, then PAAS_REGISTRY: they count more than the file. */
  readonly said: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What is to be built of an app, and with what. */
export interface ImageOrders {
  readonly orders: readonly ImageOrder[];
  readonly options: Omit<MakeImagesOptions, 'signal' | 'platform' | 'check'>;
}

/** What components are built of. Throws a PaasError where no registry is named for it. */
export async function orderImages(
  loaded: LoadedApp,
  { file, cwd }: Pick<AppFile, 'file' | 'cwd'>,
  root: string,
  choice: RegistryChoice,
): Promise<ImageOrders | undefined> {
  const { app, document, platform } = loaded;
  const orders = app.components.flatMap(({ name, image, build }): ImageOrder[] => {
    if (image !== '' || !build) return [];
    const at = (...keys: string[]) => placeAt(document, ['components', name, 'build', ...keys]);
    const places = { build: at(), context: at('context'), dockerfile: at('dockerfile'), args: at('args') };
    return [{ component: name, build, at: places }];
  });
  if (orders.length === 0) return undefined;
  const path = resolve(cwd, file);
  const registries = Object.keys(platform?.platform.registries ?? {});
  const only = registries.length === 1 ? registries[0] : undefined;
  const registry = choice.said ?? choice.env.PAAS_REGISTRY ?? app.registry ?? only;
  if (!registry) fail(registryNeeded(orders[0]!.at.build, registries));
  const runtimes = await loadRuntimesFor(loaded, root, path, cwd);
  return {
    orders,
    options: {
      app: app.name,
      registry,
      root: dirname(path),
      cwd,
      programRoot: root,
      env: choice.env,
      runtimes,
      baseImages: platform?.platform.base_images ?? {},
      plainHttp: plainHttpRegistries(loaded),
    },
  };
}

/** Registries that the platform says are reached without TLS. */
export function plainHttpRegistries({ platform }: Pick<LoadedApp, 'platform'>): ReadonlySet<string> {
  const registries = Object.entries(platform?.platform.registries ?? {});
  return new Set(
    registries.filter(([, { plain_http: plain }]) => plain).map(([name]) => name.split('/')[0]!),
  );
}
