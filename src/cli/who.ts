import { readCi } from '../host/ci.ts';
import { gitRevision } from '../host/git.ts';
import { userAtHost } from '../host/this-process.ts';
import type { RenderableApp } from '../pipeline/load-plan.ts';
import { unitOf } from './unit.ts';

/** Who changes something: the person or the CI system, and the revision of the checkout. */
export async function whoAmI(tool: string, env: Readonly<Record<string, string | undefined>>) {
  const ci = readCi(env);
  const git = (await gitRevision(process.cwd())) ?? (ci?.revision && { revision: ci.revision, dirty: false });
  return {
    by: ci?.actor ? `${ci.actor} (${ci.name})` : userAtHost(),
    tool,
    ...(git && { git }),
    ...(ci && { ci: { name: ci.name, ...(ci.url && { url: ci.url }) } }),
  };
}

/** The same, with what a plan was made of. `images`: what --image says. */
export async function whoAndFrom(
  built: RenderableApp,
  images: readonly string[] | undefined,
  tool: string,
  env: Readonly<Record<string, string | undefined>>,
) {
  return {
    ...(await whoAmI(tool, env)),
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
