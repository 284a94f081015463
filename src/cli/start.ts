import { fileURLToPath } from 'node:url';
import { Config, run, settings } from '@oclif/core';
import { PaasError } from '../problems/problem.ts';
import { reportError } from './base-command.ts';
import { listenForInterrupts, outliveReaders } from './interrupt.ts';
import { commandNotFound } from './usage-problem.ts';

/** Runs the command that the command line names. `commands`: where they are, instead of where package.json says. */
export async function start(root: URL, { commands }: { commands?: string } = {}): Promise<void> {
  settings.enableAutoTranspile = false;
  listenForInterrupts();
  outliveReaders();
  const args = process.argv.slice(2);
  try {
    const config = await loadConfig(fileURLToPath(root), commands);
    const name = args[0];
    if (name !== undefined && /^[a-z]/i.test(name) && name !== 'help' && !config.findCommand(name)) {
      throw new PaasError([commandNotFound(name, config.commandIDs)]);
    }
    await run(name === 'help' ? [...args.slice(1), '--help'] : args, config);
  } catch (error) {
    // oclif ends help and version by an ExitError.
    const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
    process.exitCode = exit === 0 ? 0 : await reportError(error as Error, process.argv.includes('--json'));
  }
}

async function loadConfig(root: string, commands: string | undefined): Promise<Config> {
  const config = new Config({ root, ...(commands && { ignoreManifest: true }) });
  await config.load();
  return config;
}
