import { execa } from 'execa';
import { noBuildTool, unknownBuildTool } from '../problems/build.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { type BuildTool, type ToolName, type TriedTool, toolNames, type Unusable } from './build-tool.ts';

/** Milliseconds: a daemon that says nothing for so long is as good as none. */
const patience = 10_000;

/**
 * The first build tool that answers, of docker, podman and buildah. With `chosen` (PAAS_BUILD_TOOL) only that one,
 * and a PaasError where it can't be used. Without one, who calls decides: some images need no tool.
 * `forRecipe` asks for one that can build by a recipe.
 */
export async function findTool(
  chosen?: string,
  forRecipe = false,
): Promise<{ readonly tool: BuildTool | undefined; readonly tried: readonly TriedTool[] }> {
  if (chosen && !toolNames.some((name) => name === chosen)) {
    fail(unknownBuildTool(chosen, toolNames, nearest(chosen, toolNames)));
  }
  const tried: TriedTool[] = [];
  for (const name of chosen ? [chosen as ToolName] : toolNames) {
    const asked = await askTool(name);
    const answer = forRecipe ? orNotForRecipes(asked) : asked;
    if (!('why' in answer)) return { tool: answer, tried };
    tried.push(answer);
  }
  if (chosen) fail(noBuildTool(tried));
  return { tool: undefined, tried };
}

/**
 * A recipe's .dockerignore lies outside of the source. Docker's older builder doesn't look there, and would put into the
 * image what has to stay out of it: .env, .git.
 */
export function orNotForRecipes(asked: BuildTool | TriedTool): BuildTool | TriedTool {
  const blind = asked.name === 'docker' && 'buildx' in asked && !asked.buildx;
  return blind ? { name: 'docker', why: 'no-buildx', said: '' } : asked;
}

async function askTool(name: ToolName): Promise<BuildTool | TriedTool> {
  // A format makes docker and podman ask their daemon, and say no more than that.
  const args = {
    docker: ['version', '--format', '{{.Server.Version}}'],
    podman: ['version', '--format', '{{.Client.Version}}'],
    buildah: ['--version'],
  }[name];
  const result = await execa(name, args, { reject: false, timeout: patience, stdin: 'ignore' });
  const said = `${result.stderr}\n${result.stdout}`.trim();
  if (result.failed) {
    return { name, why: result.timedOut ? 'no-daemon' : reasonOf(result.code, said), said: lastLine(said) };
  }
  const version = /\d+\.\d+(\.\d+)?/.exec(result.stdout)?.[0] ?? '';
  return { name, version, buildx: name === 'docker' && (await hasBuildx()) };
}

async function hasBuildx(): Promise<boolean> {
  const result = await execa('docker', ['buildx', 'version'], {
    reject: false,
    timeout: patience,
    stdin: 'ignore',
  });
  return !result.failed;
}

function reasonOf(code: string | undefined, said: string): Unusable {
  if (code === 'ENOENT') return 'absent';
  if (code === 'EACCES' || /permission denied|operation not permitted/i.test(said)) return 'no-rights';
  if (/cannot connect|connection refused|is the docker daemon running|no such host/i.test(said))
    return 'no-daemon';
  return 'broken';
}

const lastLine = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Run '))
    .at(-1) ?? '';
