import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { type BASES, makeBaseImages } from '../images/base-images.ts';
import { buildahEnvironment } from '../images/buildah.ts';
import { eventsOf, type TestApp } from './app.ts';
import { registry } from './cluster.ts';
import { makeTemporaryFolder } from './folder.ts';
import { type Run, root } from './paas.ts';

// Apps that are built of source and deployed, as people do it.

/** The environment of runs that build by buildah, which has the base images; it is there once the file's tests begin. */
export function withBuildah(...bases: (keyof typeof BASES)[]): { readonly env: Record<string, string> } {
  const given = { env: {} as Record<string, string> };
  beforeAll(async () => {
    const env = await buildahEnvironment(console.log);
    await makeBaseImages(bases, env, console.log);
    given.env = { ...env, PAAS_BUILD_TOOL: 'buildah', ...platformOf({ [registry]: { plain_http: true } }) };
  }, 900_000);
  return given;
}

/** A platform.yaml with some registries, as the environment that names it. */
export function platformOf(
  registries: Readonly<Record<string, object>>,
  more: object = {},
): { PAAS_PLATFORM: string } {
  const file = join(makeTemporaryFolder(), 'platform.yaml');
  writeFileSync(file, JSON.stringify({ registries, ...more }));
  return { PAAS_PLATFORM: file };
}

/** Puts a project of test/e2e/projects into an app's folder, which has no paas.yaml then. */
export function copyProject(app: TestApp, project: string, into = '.'): void {
  rmSync(join(app.folder, 'paas.yaml'), { force: true });
  cpSync(join(root, 'test/e2e/projects', project), join(app.folder, into), { recursive: true });
}

/** Changes a text in a file of an app. */
export function edit(app: TestApp, file: string, from: string, to: string): void {
  const path = join(app.folder, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/** The components and their port, which init wrote. */
export function portOf(app: TestApp, component = 'web'): number {
  const text = readFileSync(join(app.folder, 'paas.yaml'), 'utf8');
  const [, port] = new RegExp(`^  ${component}:[^]*?port: (\\d+)`, 'm').exec(text) ?? [];
  return Number(port);
}

/** What was built and published in a run with --json. */
export function imagesOf(run: Run) {
  return eventsOf(run).filter(({ type }) => type === 'build_image') as unknown as {
    readonly components: readonly string[];
    readonly image: string;
    readonly by: string;
    readonly layers: { readonly pushed: number; readonly mounted: number; readonly there: number };
    readonly bytes: number;
  }[];
}

/** How a run with --json ended. */
export const outcomeOf = (run: Run): unknown => eventsOf(run).at(-1)?.outcome;
