import { fileURLToPath } from 'node:url';
import { Config, type Interfaces, run, settings } from '@oclif/core';
import { whyUnwritable } from '../host/why-unwritable.ts';
import { cannotWrite } from '../problems/detect.ts';
import { PaasError } from '../problems/problem.ts';
import { reportError } from './base-command.ts';
import { commandWords } from './command-words.ts';
import { exitCodes } from './exit-codes.ts';
import { interruptCode, listenForInterrupts, outliveReaders, outputLost } from './interrupt.ts';
import { commandNotFound } from './usage-problem.ts';

/** Runs the command that the command line names. `pjson`: in place of package.json, by which oclif finds the commands. */
export async function start(root: URL, pjson?: Interfaces.PJSON): Promise<void> {
  settings.enableAutoTranspile = false;
  listenForInterrupts();
  outliveReaders();
  const args = process.argv.slice(2);
  try {
    const config = await loadConfig(fileURLToPath(root), pjson);
    const unknown = unknownCommandOf(args, config);
    if (unknown !== undefined) {
      const known = config.commandIDs.map((id) => id.replaceAll(':', ' '));
      throw new PaasError([commandNotFound(unknown, known)]);
    }
    await run(args[0] === 'help' ? [...args.slice(1), '--help'] : args, config);
  } catch (error) {
    // oclif ends help and version by an ExitError.
    const exit = (error as { oclif?: { exit?: number } }).oclif?.exit;
    process.exitCode =
      exit === 0 ? 0 : await reportError(error as Error, commandWords(process.argv).own.includes('--json'));
  }
  // What becomes of the last lines is told when they are written.
  await new Promise((resolve) => process.stdout.write('', resolve));
  const lost = outputLost();
  if (lost) {
    await reportError(new PaasError([cannotWrite('The standard output', whyUnwritable(lost))]), false);
    process.exitCode ||= exitCodes.error;
  }
  // Everything is in order by now; connections to a cluster that answers no more would still be waited for.
  if (interruptCode() !== undefined) process.stdout.write('', () => process.exit());
}

/** The command that a command line names and that isn't there: `deplyo`, `secrets lst`. */
function unknownCommandOf([name, sub]: readonly string[], config: Config): string | undefined {
  const isWord = (text: string | undefined): text is string => text !== undefined && /^[a-z]/i.test(text);
  if (!isWord(name) || name === 'help' || config.findCommand(name)) return undefined;
  if (!config.findTopic(name)) return name;
  return isWord(sub) && !config.findCommand(`${name}:${sub}`) ? `${name} ${sub}` : undefined;
}

async function loadConfig(root: string, pjson: Interfaces.PJSON | undefined): Promise<Config> {
  const config = new Config({ root, ...(pjson && { ignoreManifest: true, pjson }) });
  await config.load();
  return config;
}
