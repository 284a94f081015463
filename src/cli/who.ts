import { dirname, resolve } from 'node:path';
import { readCi } from '../host/ci.ts';
import { gitRevision } from '../host/git.ts';
import { userAtHost } from '../host/this-process.ts';
import type { RenderableApp } from '../pipeline/load-plan.ts';
import { unitOf } from './unit.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Who changes something: the person or the CI system. */
export function whoAmI(tool: string, env: Env) {
  const ci = readCi(env);
  return {
    by: ci?.actor ? `${ci.actor} (${ci.name})` : userAtHost(),
    tool,
    ...(ci && { ci: { name: ci.name, ...(ci.url && { url: ci.url }) } }),
  };
}

/** The same, with what a plan was made of: `file`, the app's, and its revision; `images`, what --image says. */
export async function whoAndFrom(
  built: RenderableApp,
  file: string,
  images: readonly string[] | undefined,
  tool: string,
  env: Env,
) {
  const ci = readCi(env);
  const found = await gitRevision(dirname(resolve(file)), env);
  const git = found ?? (ci?.revision && { revision: ci.revision, dirty: false });
  return {
    ...whoAmI(tool, env),
    ...(git && { git }),
    ...(images && { images: Object.fromEntries(images.map(byComponent)) }),
    ...(built.platform && { platform: built.platform.hash }),
    source: built.source(),
    unit: unitOf(built),
  };
}

/** The parts of what `--image` says, which is checked by then. */
function byComponent(text: string): [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** Whether the platform lets a deploy make the namespace. */
export function mayCreateNamespace({ app }: Pick<RenderableApp, 'app'>): boolean {
  return app.environment.namespaces?.create ?? true;
}
