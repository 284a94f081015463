import type { Cause } from './cause.ts';
import type { ContainerPlace, ContainerSpec, ContainerStatus, Terminated } from './container.ts';

/**
 * Why a program isn't running any more; `lines` are its last ones, where they were read.
 * Sources: OCI runtime, kubelet's reasons of ContainerStateTerminated.
 */
export function describeExit(
  last: Terminated,
  status: ContainerStatus,
  at: ContainerPlace,
  spec: ContainerSpec | undefined,
  lines: readonly string[],
): Cause {
  const times = status.restartCount > 0 ? `, ${status.restartCount + 1} times` : '';
  const previous = status.restartCount > 0 && !status.state?.terminated;
  const base = { class: 'budgeted' as const, exitCode: last.exitCode, previous, ...at };
  if (last.reason === 'OOMKilled') {
    const limit = spec?.resources?.limits?.memory;
    const more = limit && doubled(limit);
    const hint = `Give it more, such as resources: {memory: ${more ?? '…'}}, or make the program use less.`;
    return {
      ...base,
      code: 'out-of-memory',
      message: `It used all of the ${limit ?? 'memory'}${limit ? ' of memory' : ''} that it may, asked for more, and was ended${times}.`,
      signal: 9,
      key: 'resources',
      hint,
    };
  }
  if (last.reason === 'StartError' || last.reason === 'ContainerCannotRun') {
    return { ...describeStartError(last.message ?? '', at, spec), exitCode: last.exitCode, previous };
  }
  if (last.exitCode === 0) {
    return {
      ...base,
      code: 'exited',
      message: `The program ended by itself${times}, with exit code 0; a component must go on running.`,
      key: 'command',
      hint: 'Keep it in the foreground; what is meant to end is a job: run or schedule.',
    };
  }
  // A shell's convention: 128 and the number of the signal that ended it.
  const signal =
    last.signal ?? (last.exitCode > 128 && last.exitCode < 160 ? last.exitCode - 128 : undefined);
  const by = signal ? `was ended by signal ${signal}` : `ended with exit code ${last.exitCode}`;
  if (lines.some((line) => alien.test(line))) return { ...wrongArchitecture(at), exitCode: last.exitCode };
  const unwritable = lines.map((line) => unwritablePath(line, spec)).find((path) => path !== undefined);
  if (unwritable !== undefined) {
    return {
      ...base,
      code: 'read-only-root',
      message: `The program ${by}${times}: it may not write to ${unwritable}.`,
      key: 'security',
      hint: 'Let it write to /tmp or to a volume; or open the whole: security: {writable_root: true}.',
    };
  }
  return { ...base, code: 'crash', message: `The program ${by}${times}.`, ...(signal && { signal }) };
}

/** `512Mi` → `1Gi`; undefined where it isn't a number and a unit. */
function doubled(quantity: string): string | undefined {
  const [, number, unit = ''] = /^(\d+)([KMGT]i?)?$/i.exec(quantity) ?? [];
  if (!number) return undefined;
  const twice = Number(number) * 2;
  if (unit === 'Mi' && twice % 1024 === 0) return `${twice / 1024}Gi`;
  return `${twice}${unit}`;
}

const alien = /exec format error/i;

/** Why a program can't even be started. Source: runc's and containerd's words. */
export function describeStartError(
  message: string,
  at: ContainerPlace,
  spec: ContainerSpec | undefined,
): Cause {
  if (alien.test(message)) return wrongArchitecture(at);
  const words = message
    .replace(/^.*?(exec: |starting container process caused: |container init: )/s, '')
    .replace(/: unknown$/, '')
    .trim();
  // What isn't in the image, or may not be executed, never will be; anything else may be the node's fault.
  const lasting = /no such file|not found in \$PATH|permission denied|is a directory/i.test(message);
  return {
    class: lasting ? 'hopeless' : 'budgeted',
    code: 'cannot-start',
    message: `The program can't be started: ${words || 'the node does not say why'}.`,
    // What the language calls entrypoint and command, Kubernetes calls command and args.
    key: spec?.command ? 'entrypoint' : spec?.args ? 'command' : 'image',
    ...at,
  };
}

export function wrongArchitecture(at: ContainerPlace): Cause {
  return {
    code: 'wrong-architecture',
    class: 'hopeless',
    message: "The image is for another kind of machine than the cluster's.",
    key: 'image',
    hint: 'Build it for the machines of the cluster, such as docker build --platform linux/amd64.',
    ...at,
  };
}

/** What a program may not write because the root of its container is read-only: only where a line names the path. */
function unwritablePath(line: string, spec: ContainerSpec | undefined): string | undefined {
  if (!spec?.securityContext?.readOnlyRootFilesystem) return undefined;
  if (!/read-only file ?system|\bEROFS\b/i.test(line)) return undefined;
  const paths = line.match(/\/[\w.@+-]+(?:\/[\w.@+-]+)*/g) ?? [];
  // A path below a mount is that one's fault, not the root's.
  const mounts = (spec.volumeMounts ?? []).map(({ mountPath }) => mountPath.replace(/\/$/, ''));
  const own = paths.filter((path) => !mounts.some((mount) => path === mount || path.startsWith(`${mount}/`)));
  return own.length === paths.length ? own[0] : undefined;
}
