import type { Framework, Runtime } from '../catalog/runtime.ts';
import { shownIn } from './dependencies.ts';
import type { DetectedService } from './detected.ts';
import { type Found, firstFound, type Looking } from './look.ts';
import { exampleVariables } from './service-variables.ts';
import type { SourceFolder } from './source-folder.ts';

/** The backing services that a source uses, each type once. */
export async function findServices(
  source: SourceFolder,
  runtime: Runtime,
  framework: Framework | undefined,
  at: Looking,
): Promise<DetectedService[]> {
  const services: DetectedService[] = [];
  for (const { type, when, variables } of runtime.services) {
    if (services.some((known) => known.type === type)) continue;
    const found = await firstFound(when, at);
    if (!found) continue;
    // What the source itself says counts most, then what its framework is known for.
    const example = await exampleVariables(source, type);
    services.push({
      type,
      because: becauseOf(found, source),
      variables: example?.names ?? framework?.variables[type] ?? variables,
    });
  }
  return services;
}

/** `pg in package.json`. */
function becauseOf({ groups, file, line }: Found, source: SourceFolder): string {
  const where = `${shownIn(source, file)}${line === undefined ? '' : `:${line}`}`;
  const what = groups[0]?.trim();
  return what && what !== file && line === undefined ? `${what} in ${where}` : where;
}
