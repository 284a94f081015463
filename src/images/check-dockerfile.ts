import { noFrom, unknownInstruction, unknownStage } from '../problems/build.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { Dockerfile } from './dockerfile.ts';

const instructions: ReadonlySet<string> = new Set([
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]);

/**
 * What is wrong with a Dockerfile whatever tool builds it. Seen before the build: a tool tells some of it late, and
 * without a line.
 */
export function checkDockerfile(
  { source, preamble, stages }: Dockerfile,
  target: string | undefined,
): Problem[] {
  const found: Problem[] = [];
  for (const { name, at } of [...preamble, ...stages.flatMap((stage) => stage.instructions)]) {
    if (!instructions.has(name)) found.push(unknownInstruction(at, name, nearest(name, instructions)));
  }
  if (stages.length === 0 && found.length === 0) found.push(noFrom({ source, start: 0, end: 0 }));
  // Without FROM nothing else that stands there counts.
  const names = stages.flatMap(({ name }) => name ?? []);
  if (stages.length > 0 && target !== undefined && !isStage(target, names, stages.length)) {
    found.push(
      unknownStage({ source, start: 0, end: 0 }, target, names, nearest(target.toLowerCase(), names)),
    );
  }
  return found;
}

/** A stage is known by its name or its number. */
function isStage(target: string, names: readonly string[], count: number): boolean {
  return names.includes(target.toLowerCase()) || (/^\d+$/.test(target) && Number(target) < count);
}
