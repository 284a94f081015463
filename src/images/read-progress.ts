import type { BuildEvent } from './build-event.ts';
import { oneLine } from './dockerfile.ts';

/** Makes events of what a build tool writes, line by line. Each tool has its own way; they can't be mixed up. */
export function readProgress(line: string): BuildEvent | undefined {
  const text = line.trimEnd();
  if (text === '') return undefined;
  return ofBuildah(text) ?? ofBuildKit(text) ?? ofDocker(text) ?? { type: 'build-line', text };
}

/** `[1/3] STEP 2/4: COPY a b`, and for one stage `STEP 2/4: COPY a b`. Source: buildah, podman. */
function ofBuildah(line: string): BuildEvent | undefined {
  const [, stage, step, steps, text] = /^(?:\[(\d+\/\d+)\] )?STEP (\d+)\/(\d+): (.*)$/.exec(line) ?? [];
  if (text !== undefined) return stepOf(text, stage, step, steps);
  if (/^--> Using cache /.test(line)) return { type: 'build-cached' };
  return undefined;
}

/** `#8 [build 3/4] RUN make`, then `#8 CACHED`, `#8 0.412 text`. Source: BuildKit, --progress=plain. */
function ofBuildKit(line: string): BuildEvent | undefined {
  const [, numbered] = /^#\d+ (.*)$/.exec(line) ?? [];
  if (numbered === undefined) return undefined;
  const [, stage, step, steps, text] = /^\[(?:(\S+) +)?(\d+)\/(\d+)\] (.*)$/.exec(numbered) ?? [];
  if (text !== undefined) return stepOf(text, stage, step, steps);
  if (numbered === 'CACHED') return { type: 'build-cached' };
  const [, output] = /^\d+\.\d+ (.*)$/.exec(numbered) ?? [];
  return { type: 'build-line', text: output ?? numbered };
}

/** `Step 2/4 : COPY a b`. Source: Docker's older builder. */
function ofDocker(line: string): BuildEvent | undefined {
  const [, step, steps, text] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
  if (text !== undefined) return stepOf(text, undefined, step, steps);
  if (/^ ---> Using cache$/.test(line)) return { type: 'build-cached' };
  return undefined;
}

function stepOf(
  text: string,
  stage: string | undefined,
  step: string | undefined,
  steps: string | undefined,
): BuildEvent {
  return {
    type: 'build-step',
    instruction: oneLine(text),
    step: step === undefined ? undefined : Number(step),
    steps: steps === undefined ? undefined : Number(steps),
    stage,
  };
}
