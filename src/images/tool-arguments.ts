import { arch } from 'node:os';
import type { BuildTool } from './build-tool.ts';
import { isLikeSecret } from './secret-like.ts';

/** The platform of this machine, as images name it. */
const machine = `linux/${arch() === 'x64' ? 'amd64' : arch()}`;

/** What is built, and how. Paths are absolute. */
export interface ToolInput {
  readonly context: string;
  readonly dockerfile: string;
  /** In place of the context's .dockerignore. */
  readonly ignoreFile: string | undefined;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** `linux/arm64`; none: that of the machine. */
  readonly platforms: readonly string[];
  /** Some stage is FROM scratch. */
  readonly fromScratch: boolean;
  /** Where the tool notes the id of what it made. */
  readonly idFile: string;
  /** Name of the list that a build for several platforms goes into. */
  readonly list: string;
  /** The folder, or with docker the archive, of a build that is written straight away. */
  readonly output: string;
  /** Seconds since 1970: the date of everything in the image. */
  readonly epoch: number;
}

export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It leaves things behind where it is ended, and none where a step of it fails. */
  readonly tidiesUp?: boolean;
}

/** How a tool is called to build. Values of arguments that look secret go by the environment: anyone may list processes. */
export function buildInvocation(tool: BuildTool, input: ToolInput): Invocation {
  const { context, dockerfile, target, args, platforms, epoch } = input;
  const hidden = Object.entries(args).filter(([name]) => isLikeSecret(name));
  const common = [
    ...['--file', dockerfile],
    ...(target === undefined ? [] : ['--target', target]),
    ...(platforms.length > 0 ? ['--platform', platforms.join(',')] : []),
    ...Object.entries(args).flatMap(([name, value]) => [
      '--build-arg',
      isLikeSecret(name) ? name : `${name}=${value}`,
    ]),
  ];
  const env = { ...Object.fromEntries(hidden) };
  if (tool.name === 'docker') return dockerInvocation(tool, input, common, env);
  // buildah takes what it has cached on scratch for one platform to be right for another one (seen in 1.28): only this
  // machine's own is cached, so that what is found is for it.
  const cache = !input.fromScratch || platforms.every((platform) => platform === machine);
  const own = [
    ...(cache ? ['--layers'] : ['--layers=false', '--no-cache']),
    // Not buildah's default (1.28): a build that fails would leave what it worked on in the storage.
    '--force-rm',
    ...['--format', 'oci'],
    ...['--timestamp', String(epoch)],
    // The label tells the tool's version, so another version would make another image.
    '--identity-label=false',
    ...(input.ignoreFile === undefined ? [] : ['--ignorefile', input.ignoreFile]),
    ...(platforms.length > 1 ? ['--manifest', input.list] : ['--iidfile', input.idFile]),
  ];
  return { program: tool.name, args: ['build', ...own, ...common, context], env, tidiesUp: true };
}

function dockerInvocation(
  { buildx }: BuildTool,
  { context, platforms, idFile, output, epoch }: ToolInput,
  common: readonly string[],
  env: Readonly<Record<string, string>>,
): Invocation {
  if (!buildx) {
    const args = ['build', '--iidfile', idFile, ...common, context];
    return { program: 'docker', args, env: { ...env, DOCKER_BUILDKIT: '0' } };
  }
  const own = [
    '--progress=plain',
    // What it tells about the build machine differs from build to build.
    '--provenance=false',
    ...['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`],
    ...(platforms.length > 1
      ? [`--output=type=oci,dest=${output},rewrite-timestamp=true`]
      : ['--load', '--iidfile', idFile]),
  ];
  return { program: 'docker', args: ['buildx', 'build', ...own, ...common, context], env };
}
