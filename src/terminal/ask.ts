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
