import type { Cause } from './cause.ts';
import type { ContainerPlace, ContainerStatus, Terminated } from './container.ts';

/** Why a program isn't running any more. Sources: OCI runtime, kubelet's reasons of ContainerStateTerminated. */
export function describeExit(last: Terminated, status: ContainerStatus, at: ContainerPlace): Cause {
  const times = status.restartCount > 0 ? `, ${status.restartCount + 1} times` : '';
  const previous = status.restartCount > 0 && !status.state?.terminated;
  const base = { class: 'budgeted' as const, exitCode: last.exitCode, previous, ...at };
  if (last.reason === 'OOMKilled') {
    const hint = 'Give it more with resources: {memory: …}, or make the program use less.';
    return {
      ...base,
      code: 'out-of-memory',
      message: `It used more memory than it may and was ended${times}.`,
      key: 'resources',
      hint,
    };
  }
  if (last.reason === 'StartError' || last.reason === 'ContainerCannotRun') {
    const words = (last.message ?? '')
      .replace(/^.*?(exec: |starting container process caused: )/s, '')
      .trim();
    return {
      ...base,
      class: 'hopeless',
      code: 'cannot-start',
      message: `The program can't be started: ${words}.`,
      key: 'command',
    };
  }
  if (last.exitCode === 0) {
    return {
      ...base,
      code: 'exited',
      message: `The program ended by itself${times}, with exit code 0; a component must go on running.`,
    };
  }
  // A shell's convention: 128 and the number of the signal that ended it.
  const signal =
    last.signal ?? (last.exitCode > 128 && last.exitCode < 160 ? last.exitCode - 128 : undefined);
  const by = signal ? `was ended by signal ${signal}` : `ended with exit code ${last.exitCode}`;
  return { ...base, code: 'crash', message: `The program ${by}${times}.`, ...(signal && { signal }) };
}
