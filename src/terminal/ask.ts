/** Asks a yes-or-no question at the terminal. No is the answer to Enter alone. */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  const { default: inquirer } = await import('inquirer');
  try {
    const { yes } = await inquirer.prompt(
      [{ type: 'confirm', name: 'yes', message: question, default: false }],
      {
        signal,
      } as never,
    );
    return yes;
  } catch (error) {
    // Ctrl-C at a prompt, or a signal while it stands.
    if (/ExitPrompt|AbortPrompt/.test((error as Error).name)) return false;
    throw error;
  }
}
