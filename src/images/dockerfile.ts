import { escapeOf } from '../detect/dockerfile-escape.ts';
import type { Place, Source } from '../problems/problem.ts';

// A Dockerfile, read as far as it takes to say where something stands. What it means, the build tool knows.

export interface Instruction {
  /** In capitals: `RUN`. */
  readonly name: string;
  /** Its first line. */
  readonly at: Place;
  /** All of it on one line, as tools show it: without comments, continuations and runs of blanks. */
  readonly text: string;
  /** What follows the name and its flags. */
  readonly rest: string;
  /** `--from=build` as `from: build`. */
  readonly flags: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  /** The first is its FROM. */
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly source: Source;
  /** What stands before the first FROM. */
  readonly preamble: readonly Instruction[];
  readonly stages: readonly Stage[];
}

/** Reads a Dockerfile. It never fails: what is no instruction comes out as one of an unknown name. */
export function parseDockerfile(source: Source): Dockerfile {
  const preamble: Instruction[] = [];
  const stages: { name: string | undefined; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(source)) {
    if (instruction.name === 'FROM') {
      const [, base = '', name] = /^(\S*)(?:\s+as\s+(\S+))?/i.exec(instruction.rest) ?? [];
      stages.push({ name: name?.toLowerCase(), base, instructions: [instruction] });
    } else (stages.at(-1)?.instructions ?? preamble).push(instruction);
  }
  return { source, preamble, stages };
}

function instructionsOf(source: Source): Instruction[] {
  const lines = source.text.split('\n');
  const goOn = escapeOf(source.text);
  const found: Instruction[] = [];
  let offset = 0;
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index]!;
    const start = offset;
    offset += first.length + 1;
    if (/^\s*(#|$)/.test(first)) continue;
    let text = '';
    let line = first;
    for (;;) {
      const trimmed = line.trimEnd();
      const goesOn = trimmed.endsWith(goOn);
      text += ` ${goesOn ? trimmed.slice(0, -1) : trimmed}`;
      if (!goesOn || index + 1 >= lines.length) break;
      // Comments and empty lines in the middle are skipped.
      do {
        line = lines[++index] ?? '';
        offset += line.length + 1;
      } while (/^\s*(#|$)/.test(line) && index + 1 < lines.length);
    }
    for (const end of heredocs(text)) {
      while (index + 1 < lines.length) {
        const inner = lines[++index]!;
        offset += inner.length + 1;
        if (inner.replace(/^\t+/, '').trimEnd() === end) break;
      }
    }
    found.push(instruction(source, start, first, oneLine(text)));
  }
  return found;
}

/** The words that end the texts which an instruction takes from the lines after it (`RUN <<END`). */
function heredocs(text: string): string[] {
  if (!/^\s*(RUN|COPY|ADD)\b/i.test(text)) return [];
  return [...text.matchAll(/(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1/g)].map(([, , word = '']) => word);
}

function instruction(source: Source, start: number, line: string, text: string): Instruction {
  const [, name = '', after = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const flags: Record<string, string> = {};
  let rest = after;
  for (let flag = nextFlag(rest); flag; flag = nextFlag(rest)) {
    flags[flag[1]!.toLowerCase()] = flag[2] ?? '';
    rest = rest.slice(flag[0].length);
  }
  const indent = line.length - line.trimStart().length;
  const at = { source, start: start + indent, end: start + line.trimEnd().length };
  return { name: name.toUpperCase(), at, text, rest, flags };
}

const nextFlag = (text: string): RegExpExecArray | null => /^--([A-Za-z-]+)(?:=(\S*))?\s*/.exec(text);

/** Without runs of blanks, so that a tool's way of showing an instruction compares with ours. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
