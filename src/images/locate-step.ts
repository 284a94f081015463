import type { Place } from '../problems/problem.ts';
import type { BuildEvent } from './build-event.ts';
import type { Dockerfile, Instruction } from './dockerfile.ts';

type Step = Extract<BuildEvent, { type: 'build-step' }>;

/**
 * The instruction that a build stood at when it ended: of the step that was told last, or of the line that BuildKit
 * names (`Dockerfile:12`), which builds several stages at once.
 */
export function locateStep(
  { source, preamble, stages }: Dockerfile,
  step: Step | undefined,
  lines: readonly string[],
): Instruction | undefined {
  const all = [...preamble, ...stages.flatMap((stage) => stage.instructions)];
  const named = namedLine(lines);
  if (named !== undefined) {
    const offset = source.text.split('\n', named - 1).join('\n').length + (named > 1 ? 1 : 0);
    return all.filter(({ at }) => at.start <= offset + indentAt(source.text, offset)).at(-1);
  }
  if (!step) return undefined;
  const stage = stageOf(step.stage, stages);
  const same = (one: Instruction): boolean => one.text === step.instruction;
  // A tool shows a name in capitals, and values of arguments in place of their names.
  const like = (one: Instruction): boolean => one.name === step.instruction.split(' ')[0]?.toUpperCase();
  return stage?.find(same) ?? all.find(same) ?? numbered(stage, step) ?? all.findLast(like);
}

function stageOf(
  named: string | undefined,
  stages: Dockerfile['stages'],
): readonly Instruction[] | undefined {
  if (named === undefined) return stages.length === 1 ? stages[0]?.instructions : undefined;
  const [, number] = /^(?:stage-)?(\d+)(?:\/\d+)?$/.exec(named) ?? [];
  if (number === undefined) return stages.find(({ name }) => name === named.split('/').at(-1))?.instructions;
  // buildah counts from one (`[2/3]`), BuildKit from zero (`stage-1`).
  return stages[Number(number) - (named.startsWith('stage-') ? 0 : 1)]?.instructions;
}

const numbered = (stage: readonly Instruction[] | undefined, { step }: Step): Instruction | undefined =>
  stage?.[(step ?? 0) - 1];

function namedLine(lines: readonly string[]): number | undefined {
  const at = lines.findLastIndex((line) => /^\S+:\d+$/.test(line));
  if (at < 0 || !/^-{5,}$/.test(lines[at + 1] ?? '')) return undefined;
  return Number(lines[at]!.split(':').at(-1));
}

const indentAt = (text: string, offset: number): number => /^[ \t]*/.exec(text.slice(offset))![0].length;

/** The place of an instruction; without one, the start of the file. */
export const placeOf = ({ source }: Dockerfile, instruction: Instruction | undefined): Place =>
  instruction?.at ?? { source, start: 0, end: 0 };
