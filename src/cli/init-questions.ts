import { declined } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { askSeveral, askText, askYesNo, type TextQuestion } from '../terminal/ask.ts';

/** Questions to a person. Who gives up, or says no, ends the run: nothing is written before the last answer. */
export interface Questions {
  readonly text: (question: TextQuestion) => Promise<string>;
  readonly several: (
    message: string,
    choices: readonly { readonly value: string; readonly name: string }[],
  ) => Promise<readonly string[]>;
  readonly confirm: (message: string) => Promise<void>;
}

/** Questions at a terminal. */
export function questionsAt(output: NodeJS.WritableStream, signal: AbortSignal): Questions {
  return {
    text: async (question) => (await askText(question, output, signal)) ?? fail(declined()),
    several: async (message, choices) =>
      (await askSeveral(message, choices, output, signal)) ?? fail(declined()),
    confirm: async (message) => {
      if (!(await askYesNo(message, output, signal))) fail(declined());
    },
  };
}
