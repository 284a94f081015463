import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadRecipe } from '../../src/catalog/load-recipe.ts';
import { parseDockerfile } from '../../src/images/dockerfile.ts';
import { compilePatterns, matchesPatterns, readIgnoreLines } from '../../src/images/ignore.ts';
import {
  checkPrograms,
  ignoreFileOf,
  type RecipeSource,
  recipeFor,
  recipeNameOf,
} from '../../src/images/recipe-for.ts';
import { PaasError, type Problem } from '../../src/problems/problem.ts';
import { root } from '../support/paas.ts';

// Every runtime and tool is a golden file in recipes/: read it as a person would who asks what is built.

const plain: Omit<RecipeSource, 'runtime'> = {
  framework: undefined,
  tool: undefined,
  version: undefined,
  buildCommand: undefined,
  output: undefined,
  command: undefined,
  port: undefined,
};

const sources: Readonly<Record<string, RecipeSource>> = {
  'node-npm': {
    ...plain,
    runtime: 'node',
    tool: 'npm',
    version: '22',
    buildCommand: 'npm run build',
    command: ['npm', 'start'],
    port: 3000,
  },
  'node-yarn': { ...plain, runtime: 'node', tool: 'yarn', command: ['node', 'server.js'] },
  'node-pnpm': {
    ...plain,
    runtime: 'node',
    tool: 'pnpm',
    buildCommand: 'pnpm build',
    command: ['pnpm', 'start'],
  },
  'python-pip': { ...plain, runtime: 'python', tool: 'pip', command: ['gunicorn', 'app:app'] },
  'python-pipenv': { ...plain, runtime: 'python', tool: 'pipenv', command: ['uvicorn', 'main:app'] },
  'python-poetry': { ...plain, runtime: 'python', tool: 'poetry', command: ['uvicorn', 'main:app'] },
  'python-uv': {
    ...plain,
    runtime: 'python',
    tool: 'uv',
    framework: 'django',
    buildCommand: 'python manage.py collectstatic --noinput',
    command: ['gunicorn', 'shop.wsgi'],
  },
  'ruby-bundler': {
    ...plain,
    runtime: 'ruby',
    tool: 'bundler',
    framework: 'rails',
    version: '3.3.6',
    buildCommand: 'bundle exec rails assets:precompile',
    command: ['bundle', 'exec', 'puma'],
  },
  'java-maven': {
    ...plain,
    runtime: 'java',
    tool: 'maven',
    version: '17',
    buildCommand: '$mvn --batch-mode package -DskipTests',
    output: 'target/shop.jar',
    command: ['java', '-jar', 'target/shop.jar'],
  },
  'java-gradle': { ...plain, runtime: 'java', tool: 'gradle', buildCommand: '$gradle --no-daemon assemble' },
  'java-quarkus': {
    ...plain,
    runtime: 'java',
    framework: 'quarkus',
    tool: 'maven',
    buildCommand: './mvnw -B package -DskipTests',
    output: 'target/quarkus-app',
    command: ['java', '-jar', 'target/quarkus-app/quarkus-run.jar'],
  },
  'java-quarkus-gradle': {
    ...plain,
    runtime: 'java',
    framework: 'quarkus',
    tool: 'gradle',
    buildCommand: './gradlew build -x test',
    output: 'build/quarkus-app',
    command: ['sh', '-c', 'exec java $JAVA_OPTS -jar ./build/quarkus-app/quarkus-run.jar'],
  },
  'php-composer': { ...plain, runtime: 'php', tool: 'composer' },
  go: { ...plain, runtime: 'go', tool: 'go', version: '1.26' },
  'go-elsewhere': {
    ...plain,
    runtime: 'go',
    tool: 'go',
    buildCommand: 'go build -o bin/web ./cmd/web',
    output: 'bin/web',
  },
  static: { ...plain, runtime: 'static', output: 'public' },
  'static-vite': {
    ...plain,
    runtime: 'node',
    tool: 'npm',
    framework: 'vite',
    buildCommand: 'npm run build',
    output: 'dist',
  },
  'static-yarn': { ...plain, runtime: 'static', tool: 'yarn', buildCommand: 'yarn build', output: 'build' },
  'static-pnpm': { ...plain, runtime: 'static', tool: 'pnpm', buildCommand: 'pnpm build', output: 'dist' },
};

const problemOf = (fails: () => unknown): Problem => {
  try {
    fails();
  } catch (error) {
    if (error instanceof PaasError) return error.problems[0]!;
  }
  throw new Error('It did not fail.');
};

const recipeOf = async (source: RecipeSource): Promise<NonNullable<Awaited<ReturnType<typeof loadRecipe>>>> =>
  (await loadRecipe(join(root, 'templates/runtimes', recipeNameOf(source))))!;

describe('the Dockerfile of', () => {
  test.for(Object.entries(sources))('%s', async ([name, source]) => {
    const { dockerfile } = recipeFor(source, await recipeOf(source));
    await expect(dockerfile).toMatchFileSnapshot(join(import.meta.dirname, 'recipes', `${name}.Dockerfile`));
    expect(dockerfile).not.toMatch(/\{\{|\}\}/);
    // A number, so that Kubernetes can tell that it isn't root.
    const last = parseDockerfile({ path: 'Dockerfile', text: dockerfile }).stages.at(-1)!;
    expect(last.instructions.findLast((one) => one.name === 'USER')?.rest).toBe('65532:65532');
    expect(last.instructions.filter((one) => one.name === 'CMD')).toHaveLength(1);
  });
});

test("a platform's images take the place of ours: one for all stages, or each its own", async () => {
  const source = sources['node-npm']!;
  const recipe = await recipeOf(source);
  const one = recipeFor(source, recipe, { node: 'registry.example.com/node:{version}' });
  expect(one.images).toEqual({ build: 'registry.example.com/node:22', run: 'registry.example.com/node:22' });
  const two = recipeFor(source, recipe, { node: { run: 'registry.example.com/node-run:{major}' } });
  expect(two.images).toEqual({
    build: 'docker.io/library/node:22',
    run: 'registry.example.com/node-run:22',
  });
});

test('a site that Node.js builds is built on the image of node, and served by that of static', async () => {
  const source = sources['static-vite']!;
  const images = { node: 'registry.example.com/node:1', static: 'registry.example.com/nginx:1' };
  expect(recipeFor(source, await recipeOf(source), images).images).toEqual({
    build: 'registry.example.com/node:1',
    run: 'registry.example.com/nginx:1',
  });
});

describe('what stays out of a build', () => {
  const out = async (name: string, path: string, own = ''): Promise<boolean> => {
    const lines = readIgnoreLines(ignoreFileOf(own, await recipeOf(sources[name]!)));
    return matchesPatterns(compilePatterns(lines), path);
  };

  test.for(Object.keys(sources))('of %s', async (name) => {
    for (const path of [
      '.env',
      'services/api/.env',
      'services/api/.env.local',
      '.env.production',
      '.git/config',
      'packages/web/node_modules/ms/index.js',
      'paas.yaml',
    ]) {
      expect(await out(name, path), path).toBe(true);
    }
    expect(await out(name, 'services/api/main.py')).toBe(false);
  });

  test("a source's own .dockerignore brings back a setting, and nothing that the build makes", async () => {
    const own = '!.env.production\n!node_modules\n';
    expect(await out('node-npm', '.env.production', own)).toBe(false);
    expect(await out('node-npm', '.env', own)).toBe(true);
    expect(await out('node-npm', 'node_modules/ms/index.js', own)).toBe(true);
  });
});

test('a range of versions is no tag: the version of the recipe is taken', async () => {
  const source = { ...sources['node-npm']!, version: '>=20 <23' };
  expect(recipeFor(source, await recipeOf(source)).version).toBe('24');
});

test('a build that no template has a place for: a problem, not an image without it', async () => {
  const source = {
    ...plain,
    runtime: 'static',
    framework: 'hugo',
    buildCommand: 'hugo --minify',
    output: 'public',
  };
  const recipe = await recipeOf(source);
  expect(() => recipeFor(source, recipe)).toThrow(/no-recipe: The recipe of static can't build hugo/);
});

test.for([
  ['jekyll', 'ruby', 'bundler', 'bundle exec jekyll build', '_site', 'say build: _site'],
  ['middleman', 'ruby', 'bundler', 'bundle exec middleman build', 'build', 'say build: build'],
  ['mkdocs', 'python', 'pip', 'mkdocs build', 'site', 'say build: site'],
  ['war', 'java', 'maven', 'mvn -B package', 'target/shop.war', 'servlet container'],
] as const)('%s makes nothing that starts: a problem, not an image that ends at once', async (given) => {
  const [framework, runtime, tool, buildCommand, output, hint] = given;
  const source = { ...plain, runtime, framework, tool, buildCommand, output };
  const recipe = await recipeOf(source);
  expect(() => recipeFor(source, recipe)).toThrow(
    `no-recipe: The recipe of ${runtime} can't run ${framework}: it makes ${output}`,
  );
  expect(problemOf(() => recipeFor(source, recipe)).hint).toContain(hint);
  // A Procfile says what starts.
  const told = { ...source, command: ['serve', output] };
  expect(recipeFor(told, recipe).dockerfile).toContain('CMD ["serve", ');
});

test('a build by a program that the image of the build lacks: a problem', async () => {
  const source = {
    ...plain,
    runtime: 'php',
    framework: 'laravel',
    tool: 'composer',
    buildCommand: 'npm run build',
  };
  const recipe = await recipeOf(source);
  expect(problemOf(() => checkPrograms(source, recipe)).message).toBe(
    "The recipe of php can't build laravel: npm run build needs a program that its image doesn't have.",
  );
  checkPrograms({ ...source, buildCommand: undefined }, recipe);
});

test('a build of several lines stays one instruction', async () => {
  const source = { ...sources['node-npm']!, buildCommand: 'npm run a\nnpm run b\n' };
  expect(recipeFor(source, await recipeOf(source)).dockerfile).toContain('RUN npm run a && npm run b\n');
});
