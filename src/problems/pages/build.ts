import type { Page } from './page.ts';

/** Building images: tools, Dockerfiles, base images. */
export const buildPages: Readonly<Record<string, Page>> = {
  'recipe-missing': {
    title: 'there is no recipe for the runtime',
    why: 'Without a Dockerfile an image is built by the recipe of its runtime: recipe.yaml and a Dockerfile template in the folder of the runtime. This runtime has none.',
    fix: [
      'Write a Dockerfile.',
      "Or ask the platform team for a recipe: runtimes/NAME/recipe.yaml in its features' folder.",
    ],
  },
  'registry-needed': {
    title: 'no registry is named',
    why: 'An image that is built must be where the cluster can pull it from.',
    fix: [
      'Say it in paas.yaml: registry: registry.example.com/team.',
      'Or with --registry or PAAS_REGISTRY, which count more than the file.',
    ],
  },
  'no-build-tool': {
    title: 'nothing here can build an image',
    why: 'An image is built by docker, podman or buildah, whichever works first; PAAS_BUILD_TOOL chooses one. A tool counts only when it answers: a docker without its daemon does not, and without its buildx plugin it builds only what has a Dockerfile of its own. Without one, what needs no compiler is put together of files that are there: a site, a jar, a Go program, or a program in Node.js, Python, Ruby or PHP with its dependencies beside it.',
    fix: [
      'Start Docker, or install podman or buildah, which need no daemon.',
      'To a docker that lacks it, add the buildx plugin: the package docker-buildx or docker-buildx-plugin.',
      'Or make what is missing first: npm ci, pip install --target vendor --requirement requirements.txt, mvn package, CGO_ENABLED=0 go build.',
      'Build elsewhere, and deploy the result: paas deploy --image web=REFERENCE.',
    ],
  },
  'unknown-build-tool': {
    title: 'PAAS_BUILD_TOOL names a tool that is not known',
    why: 'It chooses one of docker, podman and buildah.',
    fix: ['Mend it, or leave it out: then the first that works is taken.'],
    right: 'PAAS_BUILD_TOOL=podman paas deploy',
  },
  'build-folder-missing': {
    title: "the folder to build isn't there",
    why: 'build.context names the folder that is built, as seen from paas.yaml.',
    fix: ['Look at the path, and that it is a folder.'],
    right: 'build: {context: services/web}',
  },
  'dockerfile-missing': {
    title: "the Dockerfile isn't there",
    why: 'build.dockerfile names a file as seen from build.context.',
    fix: ['Mend the path.', 'Leave it out: the language is found out then, and built by its recipe.'],
    right: 'build: {context: ., dockerfile: docker/Dockerfile}',
  },
  'dockerfile-outside': {
    title: 'the Dockerfile is outside of the folder that is built',
    why: 'Tools see only the folder that is built, so some could not read it.',
    fix: ['Name a folder as build.context that holds both, and the Dockerfile as seen from there.'],
    right: 'build: {context: ., dockerfile: deploy/Dockerfile}',
  },
  'dockerfile-invalid': {
    title: "the Dockerfile can't be read",
    why: 'It has no FROM, or a line begins with a word that is no instruction. Often the line before it misses the \\ that lets it go on.',
    fix: ['Mend the line that the message shows.'],
  },
  'unknown-stage': {
    title: 'a stage of the Dockerfile is not there',
    why: 'build.target and COPY --from name a stage, which FROM image AS name makes, or an image.',
    fix: ['Use the name of a stage that stands above.'],
    right: 'FROM docker.io/library/node:24 AS build',
  },
  'not-built-here': {
    title: 'the files are taken as they are',
    why: 'No build tool is there, so the image is put together of the files that lie in the folder. The source has a build command of its own, which is not run then. It is a warning: nothing is stopped.',
    fix: ['Run the build command first.', 'Install docker, podman or buildah, which run it.'],
  },
  'build-step-failed': {
    title: 'a step of the build failed',
    why: 'A program that a RUN line starts ended with another exit code than 0. The line, the code and the last lines that it wrote are shown. Nothing in the cluster was touched: exit code 8.',
    fix: [
      'Run the same command by hand in the folder.',
      '127: the program is not in the image. 137: it was killed, most often for want of memory.',
    ],
  },
  'copy-source-missing': {
    title: "a file that the Dockerfile copies isn't there",
    why: 'COPY takes files of build.context, without what .dockerignore leaves out, or of an earlier stage.',
    fix: ['Look at the path, at .dockerignore, and at whether the step that makes the file ran before.'],
  },
  'base-image-not-found': {
    title: "the image to build on isn't there",
    why: 'A FROM line names an image that its registry does not have, or that you may not see. A name without a registry means a different one for each tool.',
    fix: ['Look at name and tag.', 'Write the registry: docker.io/library/node:24-slim.'],
  },
  'base-image-refused': {
    title: 'the registry does not give out the image to build on',
    why: 'It wants a login, or that of somebody who may read the image.',
    fix: ['Log in with the tool that builds: docker login, podman login or buildah login.'],
  },
  'base-image-unreachable': {
    title: "the registry of the image to build on can't be reached",
    why: 'Its name is not known, nothing answers there, or its certificate is not trusted.',
    fix: [
      'Look at the name of the registry, the network and the proxy.',
      'Where no public registry can be reached, a platform names its own images under base_images.',
    ],
  },
  'build-no-space': {
    title: 'the build ran out of disk space',
    why: 'Build tools keep layers of former builds to be quick, and nothing removes them by itself.',
    fix: ['Make room: docker system prune, podman system prune or buildah prune.'],
  },
  'platform-not-buildable': {
    title: "the image can't be built for that platform here",
    why: 'The base image lacks it, a step runs a program of another processor without an emulator, or the tool builds for one platform only.',
    fix: [
      "Install QEMU's binfmt handlers, or build on a machine of that kind.",
      'With Docker: docker buildx create --use makes a builder that can do several.',
    ],
  },
  'build-failed': {
    title: 'the image could not be built',
    why: 'The build tool failed for a reason that is not known here. Its own words are shown. Nothing in the cluster was touched: exit code 8.',
    fix: ['Run the tool by hand in the folder; PAAS_BUILD_TOOL chooses another one.'],
  },
  'secret-in-build-args': {
    title: 'a build argument looks like a secret',
    why: 'Whoever has the image can read its build arguments (docker history). The value is kept out of outputs and process lists here, but not out of the image.',
    fix: ['Give secrets to the running program: paas secrets set NAME, and env: {NAME: {secret: name}}.'],
  },
  'bad-recipe': {
    title: "a recipe can't be read",
    why: 'A recipe is a runtime folder with a recipe.yaml and Dockerfile templates: Dockerfile, or Dockerfile.TOOL for one tool.',
    fix: ['Mend what the message names; the built-in recipes show the form.'],
    right:
      'base: {build: "registry.example.com/node:{version}", run: "registry.example.com/node:{version}-slim"}',
  },
  'lock-out-of-step': {
    title: 'the lock file was made for other dependencies',
    why: 'The manifest (package.json, Gemfile, go.mod …) asks for something that the lock file beside it does not have. A build would fail, or take versions that nobody has tried.',
    fix: ['Run the command of the hint and commit the lock file.', '--no-check builds all the same.'],
  },
  'lock-missing': {
    title: 'nothing holds the versions of the dependencies',
    why: 'Without a lock file, or without exact versions, each build takes what is newest at that time. It is said and stops nothing.',
    fix: ['Run the command of the hint and commit the file.'],
  },
  'known-bad-version': {
    title: 'a dependency has a known weakness',
    why: "The package manager's own audit (npm audit, pip-audit, bundle-audit, composer audit) names versions with published weaknesses. It is said and stops nothing: a fix must go out also on the day of an advisory.",
    fix: ['Take the version that mends it; the advisory tells what is affected.'],
  },
  'no-recipe': {
    title: 'no recipe builds this',
    why: "The source needs a build step that the runtime's recipe has no template or no program for, or what it makes is no program that starts: the pages of a site, a WAR without a server in it.",
    fix: [
      'Write a Dockerfile.',
      'Of a site: build it first, and name the folder that comes out as the one to build. What lies there is served as files.',
      'Of a program: say in a Procfile what starts it (web: COMMAND).',
    ],
    right: 'build: _site',
  },
};
