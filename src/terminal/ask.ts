/** Asks a yes-or-no question at the terminal. No is the answer to Enter alone. */
export async function askYesNo(
  question: string,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<boolean> {
  const { default: inquirer } = await import('inquirer');
  try {
    // Data goes to stdout; a question is none.
    const prompt = inquirer.createPromptModule({ output, signal });
    const { yes } = await prompt([{ type: 'confirm', name: 'yes', message: question, default: false }]);
    return yes;
  } catch (error) {
    // Ctrl-C at a prompt, or a signal while it stands.
    if (/ExitPrompt|AbortPrompt/.test((error as Error).name)) return false;
    throw error;
  }
}

/** Asks for a text that nobody is to see. Undefined where the person gave up. */
export async function askHidden(
  question: string,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { default: inquirer } = await import('inquirer');
  try {
    const prompt = inquirer.createPromptModule({ output, signal });
    const { value } = await prompt([{ type: 'password', name: 'value', message: question }]);
    return value;
  } catch (error) {
    if (/ExitPrompt|AbortPrompt/.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** What is asked for: a text, with an answer filled in, which is taken where nothing stands. `wrong` says what is wrong with an answer. */
export interface TextQuestion {
  readonly message: string;
  readonly answer: string;
  readonly wrong: (text: string) => string | undefined;
}

/** Asks for a text. Undefined where the person gave up. */
export async function askText(
  { message, answer, wrong }: TextQuestion,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { default: inquirer } = await import('inquirer');
  try {
    const prompt = inquirer.createPromptModule({ output, signal });
    const validate = (text: string): string | true => wrong(text.trim()) ?? true;
    const { text } = await prompt([
      { type: 'input', name: 'text', message, default: answer, prefill: 'editable', validate },
    ]);
    return text.trim();
  } catch (error) {
    if (/ExitPrompt|AbortPrompt/.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** Asks which of several are meant; all are at first. Undefined where the person gave up. */
export async function askSeveral(
  message: string,
  choices: readonly { readonly value: string; readonly name: string }[],
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { default: inquirer } = await import('inquirer');
  try {
    const prompt = inquirer.createPromptModule({ output, signal });
    const listed = choices.map((choice) => ({ ...choice, checked: true }));
    const { values } = await prompt([
      { type: 'checkbox', name: 'values', message, choices: listed, required: true },
    ]);
    return values;
  } catch (error) {
    if (/ExitPrompt|AbortPrompt/.test((error as Error).name)) return undefined;
    throw error;
  }
}
