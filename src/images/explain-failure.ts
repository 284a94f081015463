import {
  baseImageNotFound,
  baseImageRefused,
  baseImageUnreachable,
  buildFailed,
  buildStepFailed,
  copySourceMissing,
  noSpace,
  noSuchStage,
  platformNotBuildable,
} from '../problems/build.ts';
import { nearest } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { BuildEvent } from './build-event.ts';
import type { ToolName } from './build-tool.ts';
import type { Dockerfile, Instruction } from './dockerfile.ts';
import { locateStep, placeOf } from './locate-step.ts';

export interface FailedBuild {
  readonly tool: ToolName;
  readonly dockerfile: Dockerfile;
  readonly lines: readonly string[];
  /** The step that was told last. */
  readonly step: Extract<BuildEvent, { type: 'build-step' }> | undefined;
  /** What was written since it was told. */
  readonly output: readonly string[];
  readonly platforms: readonly string[];
}

/** What a tool's failure means. The phrases are those of buildah, podman, BuildKit and Docker's older builder. */
export function explainFailure(failed: FailedBuild): Problem {
  const { tool, dockerfile, lines, output, platforms } = failed;
  const step = locateStep(dockerfile, failed.step, lines);
  const at = placeOf(dockerfile, step);
  const said = wordsOf(lines);
  const details = evidence(output.length > 0 ? output : lines);

  if (/no space left on device/i.test([said, ...details].join('\n'))) return noSpace(at, details);
  if (platforms.length > 0 && /no match for platform|for architecture|exec format error/i.test(said)) {
    return platformNotBuildable(at, platforms, details);
  }
  if (/multi-?platform build is not supported|multiple platforms feature/i.test(said)) {
    return platformNotBuildable(at, platforms, details);
  }
  const exit =
    /: exit status (\d+)\s*$/m.exec(said) ??
    /did not complete successfully: exit code: (\d+)/.exec(said) ??
    /returned a non-zero code: (\d+)/.exec(said);
  if (exit && (step === undefined || step.name === 'RUN')) {
    return buildStepFailed(at, shortened(step), Number(exit[1]), evidence(output.map(withoutPrefix)));
  }
  const missing = missingSource(said, step);
  if (missing !== undefined) {
    const from = step?.flags.from;
    return copySourceMissing(at, missing, from, /dockerignore|excluded/.test(said));
  }
  const stage = /=(\S+): no stage or image found with that name/.exec(said)?.[1];
  if (stage !== undefined) {
    const names = dockerfile.stages.flatMap(({ name }) => name ?? []);
    const number = /^\d+$/.test(stage) && Number(stage) < names.length;
    const known = names.includes(stage) || number;
    if (known) return copySourceMissing(at, step?.rest.split(' ')[0] ?? '', stage, false);
    return noSuchStage(at, stage, nearest(stage, names));
  }
  return pullProblem(failed, said, details) ?? buildFailed(at, tool, details);
}

/** What became of a base image that had to be fetched. */
function pullProblem(
  { dockerfile, tool, step, lines }: FailedBuild,
  said: string,
  details: readonly string[],
): Problem | undefined {
  const pulling =
    /initializing source|pinging container registry|creating build container|failed to (resolve source metadata|do request|authorize)|pull access denied|manifest (for|unknown)|\/v2\/|short-name|invalid reference format/i;
  if (!pulling.test(said)) return undefined;
  const instruction = locateStep(dockerfile, step, lines);
  const from = fromOf(dockerfile, instruction, said);
  const at = placeOf(dockerfile, from);
  const image = imageIn(said) ?? from?.rest.split(' ')[0] ?? 'the base image';
  if (/short-name|invalid reference format/i.test(said)) return baseImageNotFound(at, image, details);
  if (
    /no such host|connection refused|timeout|timed out|unreachable|x509|reset by peer|EOF|server gave HTTP/i.test(
      said,
    )
  )
    return baseImageUnreachable(at, image, details);
  if (/manifest unknown|name unknown|not found|repository does not exist|no such image/i.test(said))
    return baseImageNotFound(at, image, details);
  if (/unauthorized|authentication required|denied|forbidden|no basic auth/i.test(said))
    return baseImageRefused(at, image, tool, details);
  return undefined;
}

/** The FROM whose image the message names; else the instruction that the build stood at. */
function fromOf(
  { stages }: Dockerfile,
  instruction: Instruction | undefined,
  said: string,
): Instruction | undefined {
  if (instruction?.name === 'FROM' || instruction?.flags.from) return instruction;
  const froms = stages.flatMap((stage) => stage.instructions[0] ?? []);
  return froms.find(({ rest }) => said.includes(rest.split(' ')[0]!)) ?? instruction ?? froms[0];
}

const imageIn = (said: string): string | undefined =>
  /docker:\/\/([^\s"]+?):?(?=[:\s"]\s|$)/.exec(said)?.[1] ??
  /short-name "([^"]+)"/.exec(said)?.[1] ??
  /(?:ERROR: failed to solve|failed to resolve source metadata for) ?:? ?([^\s:]+(?::[^\s:]+)?): /.exec(
    said,
  )?.[1];

/** The file that an instruction copies and that isn't there, as the Dockerfile says it. */
function missingSource(said: string, step: Instruction | undefined): string | undefined {
  const found =
    /copier: stat: \[?"([^"]+)"\]?: no such file/.exec(said) ??
    /no items matching glob "([^"]+)"/.exec(said) ??
    /failed to (?:calculate checksum|compute cache key)[^"]*"([^"]+)": not found/.exec(said) ??
    /(?:COPY|ADD) failed: .*?stat ([^:]+): (?:file does not exist|no such file)/.exec(said) ??
    /lstat ([^:]+): no such file or directory/.exec(said);
  const path = found?.[1]?.replace(/^\//, '');
  // Some name it with the folder that they see it in.
  const sources = step?.rest.split(' ').slice(0, -1) ?? [];
  return path && (sources.find((source) => path.endsWith(source.replace(/^(\.?\.?\/)+/, ''))) ?? path);
}

/** The lines by which a tool says why it ends; without one, its last. */
function wordsOf(lines: readonly string[]): string {
  const errors = lines.filter((line) =>
    /^(Error|ERROR)\b|^#\d+ ERROR|failed to solve|non-zero code/.test(line),
  );
  return (errors.length > 0 ? errors.slice(-4) : lines.slice(-3)).join('\n');
}

/** The last lines that are worth reading. */
function evidence(lines: readonly string[]): string[] {
  const noise =
    /^subprocess exited|^Error: building at STEP|^-{5,}$|^ > \[|^\s*$|^\S+:\d+$|^\s*\d+ \| |^level=|^time=.*UNHANDLED|^ ---> |^DEPRECATED/;
  return lines
    .filter((line) => !noise.test(line))
    .map((line) => withoutPrefix(line).slice(0, 400))
    .slice(-20);
}

const withoutPrefix = (line: string): string => line.replace(/^#\d+ (\d+\.\d+ )?/, '');

const shortened = (step: Instruction | undefined): string => {
  const text = step?.text ?? 'RUN';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
