import type { Place, Problem } from './problem.ts';

// Problems of building an image, whichever tool does it.

interface Tried {
  readonly name: string;
  readonly why: 'absent' | 'no-daemon' | 'no-rights' | 'no-buildx' | 'broken';
  readonly said: string;
}

/** What an image could be put together of without a tool, and what would make it. */
interface Missing {
  readonly files: readonly string[];
  readonly prepare: string | undefined;
}

export const noBuildTool = (tried: readonly Tried[], missing?: Missing): Problem => {
  const words = missing?.files.join(', ');
  const beyond = words && `Without one, an image is put together of files that are there: ${words} isn't.`;
  const other = tried.find(({ name, why }) => name === 'docker' && why in remedies);
  const remedy = (other && remedies[other.why]) ?? 'Install docker, podman or buildah';
  return {
    code: 'no-build-tool',
    kind: 'refused',
    message:
      tried.length === 1
        ? `${tried[0]!.name} can't build here: ${reasons[tried[0]!.why]}.`
        : 'No program that builds images can be used here.',
    details: [
      ...tried
        .filter(({ why, said }) => tried.length > 1 || (why !== 'absent' && said !== ''))
        .map(
          ({ name, why, said }) => `${name}: ${reasons[why]}${said && why !== 'absent' ? ` (${said})` : ''}`,
        ),
      ...(beyond ? [beyond] : []),
    ],
    hint: missing?.prepare
      ? `Run ${missing.prepare} first, which needs no such program. Or: ${remedy[0]!.toLowerCase()}${remedy.slice(1)}, or deploy what is built elsewhere with --image.`
      : `${remedy}, or build elsewhere and deploy with --image.`,
  };
};

export const notBuiltHere = (command: string): Problem => ({
  code: 'not-built-here',
  kind: 'refused',
  message: `Without a build tool the files are taken as they are: what ${command} makes must be among them.`,
  hint: `Run ${command} first, or install docker, podman or buildah.`,
});

const reasons: Readonly<Record<Tried['why'], string>> = {
  absent: "it isn't installed",
  'no-daemon': "its daemon doesn't answer",
  'no-rights': 'you have no right to use it',
  'no-buildx': "it lacks its buildx plugin, without which it can't leave files such as .env out of the image",
  broken: "it doesn't work",
};

const remedies: Readonly<Partial<Record<Tried['why'], string>>> = {
  'no-daemon': 'Start Docker, install podman or buildah, which need no daemon',
  'no-rights': 'Let your user use Docker (its group is called docker), install podman or buildah',
  'no-buildx':
    'Install the buildx plugin of Docker (the package docker-buildx or docker-buildx-plugin), or podman or buildah',
};

export const unknownBuildTool = (
  chosen: string,
  known: readonly string[],
  meant: string | undefined,
): Problem => ({
  code: 'unknown-build-tool',
  kind: 'usage',
  message: `PAAS_BUILD_TOOL says ${chosen}, which is no build tool that is known here.`,
  hint: meant ? `Did you mean ${meant}?` : `It is one of ${known.join(', ')}.`,
});

export const buildFolderMissing = (at: Place | undefined, folder: string, reason: string): Problem => ({
  code: 'build-folder-missing',
  kind: 'usage',
  message: `The folder ${folder} can't be built: ${reason}.`,
  ...(at && { at }),
  hint: 'build.context is a folder as seen from paas.yaml.',
});

export const dockerfileMissing = (
  at: Place | undefined,
  file: string,
  meant: string | undefined,
): Problem => ({
  code: 'dockerfile-missing',
  kind: 'usage',
  message: `There is no file ${file}.`,
  ...(at && { at }),
  hint: meant
    ? `Did you mean ${meant}?`
    : 'build.dockerfile is as seen from build.context. Without it, the language is found out and its recipe used.',
});

export const dockerfileOutside = (at: Place | undefined, file: string): Problem => ({
  code: 'dockerfile-outside',
  kind: 'usage',
  message: `The Dockerfile ${file} is outside of the folder that is built.`,
  ...(at && { at }),
  hint: 'Name a folder as build.context that holds it, and the Dockerfile as seen from there.',
});

export const noFrom = (at: Place): Problem => ({
  code: 'dockerfile-invalid',
  kind: 'usage',
  message: 'The Dockerfile has no FROM.',
  at,
  hint: 'It begins with the image to build on: FROM docker.io/library/node:24-slim.',
});

export const unknownInstruction = (at: Place, name: string, meant: string | undefined): Problem => ({
  code: 'dockerfile-invalid',
  kind: 'usage',
  message: `${name} is no instruction of a Dockerfile.`,
  at,
  hint: meant ? `Did you mean ${meant}?` : 'Does the line before it miss a \\ at its end?',
});

export const unknownStage = (
  at: Place,
  target: string,
  names: readonly string[],
  meant: string | undefined,
): Problem => ({
  code: 'unknown-stage',
  kind: 'usage',
  message: `The Dockerfile has no stage ${target}, which build.target asks for.`,
  at,
  hint: meant
    ? `Did you mean ${meant}?`
    : names.length > 0
      ? `Its stages: ${names.join(', ')}.`
      : 'A stage gets its name by FROM image AS name.',
});

export const noSuchStage = (at: Place, stage: string, meant: string | undefined): Problem => ({
  code: 'unknown-stage',
  kind: 'usage',
  message: `--from=${stage} names neither a stage above nor an image that can be had.`,
  at,
  hint: meant ? `Did you mean ${meant}?` : 'A stage gets its name by FROM image AS name.',
});

export const buildStepFailed = (
  at: Place,
  step: string,
  exitCode: number,
  details: readonly string[],
): Problem => ({
  code: 'build-step-failed',
  kind: 'refused',
  message: `A step of the build failed with exit code ${exitCode}: ${step}`,
  at,
  details,
  hint: exitHints[exitCode] ?? 'Its last lines are above; the same command fails in the same way by hand.',
});

const exitHints: Readonly<Record<number, string>> = {
  126: 'The program is there but may not be run: look at its mode (chmod +x).',
  127: 'The program is not in the image of this stage: install it, or begin with an image that has it.',
  137: 'It was killed, most often because memory ran out: give the build tool more of it.',
};

export const copySourceMissing = (
  at: Place,
  path: string,
  from: string | undefined,
  ignored: boolean,
): Problem => ({
  code: 'copy-source-missing',
  kind: 'usage',
  message: from
    ? `There is no ${path} in the stage ${from}.`
    : `There is no ${path} in the folder that is built.`,
  at,
  hint: from
    ? 'Look at which step of that stage makes it, and where.'
    : path.startsWith('..')
      ? 'Nothing outside of build.context can be copied: name a folder above as context.'
      : ignored
        ? 'Is it there, and does .dockerignore leave it out?'
        : 'Paths are as seen from build.context; what .dockerignore names is not there either.',
});

export const baseImageNotFound = (at: Place, image: string, details: readonly string[]): Problem => ({
  code: 'base-image-not-found',
  kind: 'usage',
  message: `There is no image ${image} to build on.`,
  at,
  details,
  hint: image.includes('/')
    ? 'Look at its name and tag; some registries say the same when you may not see it.'
    : `Write it with its registry: docker.io/library/${image}.`,
});

export const baseImageRefused = (
  at: Place,
  image: string,
  tool: string,
  details: readonly string[],
): Problem => ({
  code: 'base-image-refused',
  kind: 'refused',
  message: `The registry doesn't give out ${image}: it wants a login, or another one.`,
  at,
  details,
  hint: `Log in: ${tool} login ${image.split('/')[0]}.`,
});

export const baseImageUnreachable = (at: Place, image: string, details: readonly string[]): Problem => ({
  code: 'base-image-unreachable',
  kind: 'refused',
  message: `The registry of ${image} can't be reached.`,
  at,
  details,
  hint: 'Look at the name of the registry and at the network; a platform can name its own base images (base_images).',
});

export const noSpace = (at: Place, details: readonly string[]): Problem => ({
  code: 'build-no-space',
  kind: 'refused',
  message: 'The build ran out of disk space.',
  at,
  details,
  hint: 'Make room: docker system prune, podman system prune or buildah prune.',
});

export const platformNotBuildable = (
  at: Place,
  platforms: readonly string[],
  details: readonly string[],
): Problem => ({
  code: 'platform-not-buildable',
  kind: 'refused',
  message: `This tool can't build for ${platforms.join(', ')} here.`,
  at,
  details,
  hint: "The base image must have that platform, and a step that runs a foreign program needs an emulator (QEMU's binfmt). With Docker, several platforms need a builder of their own: docker buildx create --use.",
});

export const buildFailed = (at: Place, tool: string, details: readonly string[]): Problem => ({
  code: 'build-failed',
  kind: 'refused',
  message: `${tool} could not build the image.`,
  at,
  details,
  hint: 'Its own words are above.',
});

export const secretInArguments = (at: Place | undefined, names: readonly string[]): Problem => ({
  code: 'secret-in-build-args',
  kind: 'usage',
  message: `${names.join(', ')} ${names.length === 1 ? 'looks' : 'look'} like a secret, and build arguments stay readable in the image.`,
  ...(at && { at }),
  hint: 'Give it to the running program: paas secrets set NAME, and env: {NAME: {secret: name}}.',
});

export const badRecipe = (at: Place, message: string): Problem => ({
  code: 'bad-recipe',
  kind: 'usage',
  message,
  at,
  hint: 'The built-in recipes show the form: templates/runtimes/*/recipe.yaml.',
});

interface Difference {
  readonly name: string;
  readonly asked: string | undefined;
  readonly locked: string | undefined;
}

export const lockOutOfStep = (
  at: Place,
  manifest: string,
  lock: string,
  differences: readonly Difference[],
  command: string,
): Problem => ({
  code: 'lock-out-of-step',
  kind: 'refused',
  message: `${lock} was made for another ${manifest}.`,
  at,
  details: differences
    .slice(0, 8)
    .map(
      ({ name, asked, locked }) =>
        `${name}: ${asked === undefined && locked !== undefined ? `not in ${manifest} any more` : locked === undefined ? `not in ${lock}${asked ? ` as ${asked}` : ''}` : `${asked} in ${manifest}, ${locked} in ${lock}`}`,
    ),
  hint: `Run ${command} and commit ${lock}; --no-check builds all the same.`,
});

export const lockMissing = (manifest: string, lock: string, command: string): Problem => ({
  code: 'lock-missing',
  kind: 'refused',
  message:
    manifest === lock
      ? `${manifest} leaves versions open: each build may take others.`
      : `There is no ${lock} beside ${manifest}: each build may take other versions.`,
  hint: `Run ${command} and commit ${lock}.`,
});

interface BadVersion {
  readonly package: string;
  readonly version: string | undefined;
  readonly severity: string;
  readonly title: string;
  readonly fixed: string | undefined;
  readonly advisory: string | undefined;
}

const order = ['critical', 'high', 'moderate', 'low', 'unknown'];

export const badVersions = (findings: readonly BadVersion[]): Problem => ({
  code: 'known-bad-version',
  kind: 'refused',
  message: `${findings.length === 1 ? 'A dependency has a known weakness' : `Dependencies have ${findings.length} known weaknesses`}.`,
  details: [...findings]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .slice(0, 10)
    .map(({ package: name, version, severity, title, fixed, advisory }) =>
      [`${severity}: ${name}${version ? ` ${version}` : ''}: ${title}`, fixed && `fixed: ${fixed}`, advisory]
        .filter(Boolean)
        .join('; '),
    ),
  hint: 'Take the versions that mend them; nothing is stopped because of it.',
});

export const noRecipe = (runtime: string, what: string | undefined, build: string): Problem => ({
  code: 'no-recipe',
  kind: 'usage',
  message: `The recipe of ${runtime} can't build ${what ?? 'this'}: it has no place for ${build}.`,
  hint: 'Write a Dockerfile, or build it first and deploy what comes out.',
});

export const notStarted = (
  runtime: string,
  what: string | undefined,
  output: string,
  build: string | undefined,
): Problem => ({
  code: 'no-recipe',
  kind: 'usage',
  message: `The recipe of ${runtime} can't run ${what ?? 'this'}: it makes ${output}, and nothing that starts.`,
  hint: output.endsWith('.war')
    ? `Write a Dockerfile that puts it into a servlet container (FROM docker.io/library/tomcat), or a Procfile with what starts it.`
    : `Run ${build ?? 'its build'} first and say build: ${output}: what lies there is served as files. Or write a Dockerfile.`,
});

export const programLacking = (runtime: string, what: string | undefined, build: string): Problem => ({
  code: 'no-recipe',
  kind: 'usage',
  message: `The recipe of ${runtime} can't build ${what ?? 'this'}: ${build} needs a program that its image doesn't have.`,
  hint: 'Write a Dockerfile with a stage for that step (FROM docker.io/library/node), which copies what it makes.',
});

export const recipeMissing = (at: Place | undefined, runtime: string): Problem => ({
  code: 'recipe-missing',
  kind: 'usage',
  message: `The source is of the runtime ${runtime}, which has no recipe to build it.`,
  ...(at && { at }),
  hint: 'Write a Dockerfile, or put recipe.yaml and a Dockerfile template into the folder of the runtime.',
});

export const registryNeeded = (at: Place | undefined, known: readonly string[]): Problem => ({
  code: 'registry-needed',
  kind: 'usage',
  message: 'What is built here must go to a registry, and none is named.',
  ...(at && { at }),
  hint:
    known.length > 0
      ? `The platform knows ${known.join(', ')}: say registry: ${known[0]} in paas.yaml, or --registry.`
      : 'Say registry: registry.example.com/team in paas.yaml, --registry or PAAS_REGISTRY.',
});
