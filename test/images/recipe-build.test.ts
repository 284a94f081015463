import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { loadRecipe } from '../../src/catalog/load-recipe.ts';
import { ignoreFileOf, type RecipeSource, recipeFor, recipeNameOf } from '../../src/images/recipe-for.ts';
import { test } from '../support/app.ts';
import { fill } from '../support/images.ts';
import { root } from '../support/paas.ts';
import { type BASES, makeBaseImages } from './base-images.ts';
import { type Built, buildFolder, linesOf } from './build-project.ts';
import { buildahEnvironment } from './buildah.ts';
import { runImage } from './run-image.ts';

// Each project of test/e2e/projects is built by the recipe of its language and run as Kubernetes would: not as root, on
// a read-only root with a writable /tmp.

const plain: Omit<RecipeSource, 'runtime'> = {
  framework: undefined,
  tool: undefined,
  version: undefined,
  buildCommand: undefined,
  output: undefined,
  command: undefined,
  port: undefined,
};

interface Case {
  readonly project: string;
  readonly bases: readonly (keyof typeof BASES)[];
  readonly source: RecipeSource;
  readonly answer: RegExp;
  /** A source file, and what is changed in it. */
  readonly change: readonly [file: string, from: string, to: string];
}

const cases: readonly Case[] = [
  {
    project: 'node',
    bases: ['node'],
    source: {
      ...plain,
      runtime: 'node',
      tool: 'npm',
      buildCommand: 'npm run build',
      command: ['npm', 'start'],
    },
    answer: /^node says hello, 60000|^node says hello, 1m, built &lt;here&gt;/,
    change: ['server.js', 'node says hello', 'node says bye'],
  },
  {
    project: 'python',
    bases: ['python'],
    source: {
      ...plain,
      runtime: 'python',
      tool: 'pip',
      version: '3.11',
      command: ['sh', '-c', 'exec gunicorn --bind "0.0.0.0:$PORT" --worker-tmp-dir /tmp app:app'],
    },
    answer: /^python says hello/,
    change: ['app.py', 'python says hello', 'python says bye'],
  },
  {
    project: 'go',
    bases: ['go'],
    source: { ...plain, runtime: 'go', tool: 'go', version: '1.26' },
    answer: /^go says hello/,
    change: ['main.go', 'GO SAYS HELLO', 'GO SAYS BYE'],
  },
  {
    project: 'static',
    bases: ['nginx'],
    source: { ...plain, runtime: 'static' },
    answer: /static says hello/,
    change: ['index.html', 'static says hello', 'static says bye!'],
  },
  {
    project: 'pages',
    bases: ['node', 'nginx'],
    source: {
      ...plain,
      runtime: 'node',
      tool: 'npm',
      buildCommand: 'npm run build',
      output: 'dist',
    },
    answer: /pages say hello/,
    change: ['build.js', 'pages say hello', 'pages say bye'],
  },
];

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await buildahEnvironment(console.log);
  Object.assign(process.env, env);
});

async function build(source: RecipeSource, folder: string, into: string): Promise<Built> {
  const recipe = (await loadRecipe(join(root, 'templates/runtimes', recipeNameOf(source))))!;
  const { dockerfile } = recipeFor(source, recipe);
  return buildFolder(folder, into, {
    dockerfile: { file: undefined, source: { path: `recipe of ${recipe.name}`, text: dockerfile } },
    ignore: ignoreFileOf('', recipe),
  });
}

const layersOf = ({ image }: Built): string[] => {
  const file = join(image!.layout, 'blobs', ...image!.digest.split(':'));
  const { layers } = JSON.parse(readFileSync(file, 'utf8')) as { layers: { digest: string }[] };
  return layers.map(({ digest }) => digest);
};

describe('a project without a Dockerfile is built, runs and answers; a second build takes all from the cache', () => {
  test.for(cases)('$project', async ({ project, bases, source, answer, change }, { makeFolder }) => {
    await makeBaseImages(bases, env, console.log);
    const folder = makeFolder();
    cpSync(join(root, 'test/e2e/projects', project), folder, { recursive: true });
    const first = await build(source, folder, join(makeFolder(), 'image'));
    expect(first.problems, linesOf(first).join('\n')).toEqual([]);

    const running = await runImage(first.image!, join(makeFolder(), 'root'));
    onTestFinished(running.end);
    expect((await running.get('/')).body).toMatch(answer);

    // The same source somewhere else: other dates, another folder.
    const copy = makeFolder();
    cpSync(folder, copy, { recursive: true });
    const again = await build(source, copy, join(makeFolder(), 'image'));
    expect(again.image!.digest).toBe(first.image!.digest);

    const [file, from, to] = change;
    writeFileSync(join(copy, file), readFileSync(join(copy, file), 'utf8').replace(from, to));
    const changed = await build(source, copy, join(makeFolder(), 'image'));
    const [before, after] = [layersOf(first), layersOf(changed)];
    const others = after.filter((layer) => !before.includes(layer));
    expect(others).toHaveLength(1);
    rmSync(copy, { recursive: true });
  });
});

describe('a project of Python is installed by', () => {
  const python = cases.find(({ project }) => project === 'python')!;
  const pyproject = `[project]
name = "shop"
version = "1.0"
dependencies = ["flask==3.1.0", "gunicorn==23.0.0"]

[tool.setuptools]
py-modules = ["app"]
`;
  test.for([
    ['its pyproject.toml', { 'pyproject.toml': pyproject }],
    [
      'a list in requirements/',
      {
        'requirements/base.txt': 'flask==3.1.0\n',
        'requirements/production.txt': '-r base.txt\ngunicorn==23.0.0\n',
      },
    ],
  ] as const)('%s', async ([, files], { makeFolder }) => {
    await makeBaseImages(python.bases, env, console.log);
    const folder = makeFolder();
    cpSync(join(root, 'test/e2e/projects/python'), folder, { recursive: true });
    rmSync(join(folder, 'requirements.txt'));
    fill(folder, files);
    const built = await build(python.source, folder, join(makeFolder(), 'image'));
    expect(built.problems, linesOf(built).join('\n')).toEqual([]);
    const running = await runImage(built.image!, join(makeFolder(), 'root'));
    onTestFinished(running.end);
    expect((await running.get('/')).body).toMatch(python.answer);
  });

  test('lists of which none is for production: the build says so', async ({ makeFolder }) => {
    await makeBaseImages(python.bases, env, console.log);
    const folder = fill(makeFolder(), { 'app.py': '', 'requirements/local.txt': 'flask\n' });
    const built = await build(python.source, folder, join(makeFolder(), 'image'));
    expect(built.problems.map(({ code }) => code)).toEqual(['build-step-failed']);
    expect(linesOf(built).join('\n')).toContain('Which of these lists is meant?');
  });
});
