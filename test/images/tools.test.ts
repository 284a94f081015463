import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { position } from '../../src/document/lines.ts';
import type { BuildEvent } from '../../src/images/build-event.ts';
import type { TriedTool } from '../../src/images/build-tool.ts';
import { parseDockerfile } from '../../src/images/dockerfile.ts';
import { explainFailure } from '../../src/images/explain-failure.ts';
import { findTool, orNotForRecipes } from '../../src/images/find-tool.ts';
import { fromDockerArchive } from '../../src/images/from-docker-archive.ts';
import { readProgress } from '../../src/images/read-progress.ts';
import { buildInvocation } from '../../src/images/tool-arguments.ts';
import { noBuildTool } from '../../src/problems/build.ts';
import { test } from '../support/app.ts';
import { makeBaseImages } from './base-images.ts';
import { writeFiles } from './build-project.ts';
import { buildahEnvironment } from './buildah.ts';
import { unpackImage } from './run-image.ts';

beforeAll(async () => {
  const env = await buildahEnvironment(console.log);
  Object.assign(process.env, env);
  await makeBaseImages(['plain'], env, console.log);
  // Another file may be making the images of all languages: one after the other.
}, 900_000);

describe('the tool', () => {
  test('PAAS_BUILD_TOOL chooses it', async () => {
    const { tool } = await findTool('buildah');
    expect(tool).toMatchObject({ name: 'buildah', buildx: false });
    expect(tool!.version).toMatch(/^\d+\.\d+/);
  });

  test('an unknown one is a problem with the nearest name', async () => {
    await expect(findTool('dokcer')).rejects.toMatchObject({
      problems: [{ code: 'unknown-build-tool', hint: 'Did you mean docker?' }],
    });
  });

  test('where there is none, each is told with the reason', async ({ makeFolder }) => {
    const path = process.env.PATH;
    onTestFinished(() => {
      process.env.PATH = path;
    });
    process.env.PATH = makeFolder();
    const { tool, tried } = await findTool();
    expect(tool).toBeUndefined();
    expect(tried.map(({ name, why }) => [name, why])).toEqual([
      ['docker', 'absent'],
      ['podman', 'absent'],
      ['buildah', 'absent'],
    ]);
    await expect(findTool('podman')).rejects.toMatchObject({ problems: [{ code: 'no-build-tool' }] });
  });
});

test("docker without its buildx plugin, which doesn't know a .dockerignore from elsewhere, builds no recipe", () => {
  const old = { name: 'docker', version: '20.10.24', buildx: false } as const;
  const tried = orNotForRecipes(old);
  expect(tried).toEqual({ name: 'docker', why: 'no-buildx', said: '' });
  expect(noBuildTool([tried as TriedTool])).toMatchObject({
    message: expect.stringContaining('it lacks its buildx plugin'),
    hint: expect.stringMatching(/^Install the buildx plugin of Docker/),
  });
  for (const other of [{ ...old, buildx: true }, { ...old, name: 'buildah' } as const])
    expect(orNotForRecipes(other)).toBe(other);
});

const input = {
  context: '/src',
  dockerfile: '/src/Dockerfile',
  ignoreFile: undefined,
  target: 'web',
  args: { MODE: 'fast', NPM_TOKEN: 'hidden' },
  platforms: [],
  fromScratch: false,
  idFile: '/tmp/id',
  list: 'localhost/list',
  output: '/tmp/image.tar',
  epoch: 315_532_801,
};

describe('a tool is called', () => {
  const line = (name: 'docker' | 'podman' | 'buildah', buildx: boolean, more: object = {}): string => {
    const { program, args } = buildInvocation({ name, version: '1', buildx }, { ...input, ...more });
    return [program, ...args].join(' ');
  };

  test('buildah and podman: with a cache, and one date for all', () => {
    const after =
      'build --layers --force-rm --format oci --timestamp 315532801 --identity-label=false --iidfile /tmp/id --file /src/Dockerfile --target web --build-arg MODE=fast --build-arg NPM_TOKEN /src';
    expect(line('buildah', false)).toBe(`buildah ${after}`);
    expect(line('podman', false)).toBe(`podman ${after}`);
  });

  test('docker: by BuildKit where it is, else by its older builder', () => {
    expect(line('docker', true)).toBe(
      'docker buildx build --progress=plain --provenance=false --build-arg SOURCE_DATE_EPOCH=315532801 --load --iidfile /tmp/id --file /src/Dockerfile --target web --build-arg MODE=fast --build-arg NPM_TOKEN /src',
    );
    expect(line('docker', false)).toBe(
      'docker build --iidfile /tmp/id --file /src/Dockerfile --target web --build-arg MODE=fast --build-arg NPM_TOKEN /src',
    );
  });

  test('for several platforms: docker writes an archive, the others a list', () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    expect(line('docker', true, { platforms })).toContain(
      '--output=type=oci,dest=/tmp/image.tar,rewrite-timestamp=true',
    );
    expect(line('podman', false, { platforms })).toContain('--manifest localhost/list');
  });

  test('a value that looks like a secret goes by the environment: processes can be listed', () => {
    const { args, env } = buildInvocation({ name: 'docker', version: '28', buildx: true }, input);
    expect(args.join(' ')).not.toContain('hidden');
    expect(env.NPM_TOKEN).toBe('hidden');
  });
});

// What BuildKit writes with --progress=plain. No daemon runs in these tests; the form is that of BuildKit 0.2x.
describe('what BuildKit says', () => {
  const text =
    'FROM docker.io/library/node:24 AS build\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nFROM scratch\nCOPY --from=build /app /app\n';
  const explain = (lines: readonly string[]): ReturnType<typeof explainFailure> => {
    const events = lines.map(readProgress).filter((event) => event !== undefined);
    const step = events.findLast(
      (event): event is Extract<BuildEvent, { type: 'build-step' }> => event.type === 'build-step',
    );
    const output = events.flatMap((event) => (event.type === 'build-line' ? [event.text] : []));
    const dockerfile = parseDockerfile({ path: 'Dockerfile', text });
    return explainFailure({ tool: 'docker', dockerfile, lines, step, output, platforms: [] });
  };

  const cases: readonly (readonly [string, readonly string[], string, number, string])[] = [
    [
      'a step that fails',
      [
        '#7 [build 4/4] RUN npm ci',
        '#7 0.412 npm error code EUSAGE',
        '#7 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
        '------',
        ' > [build 4/4] RUN npm ci:',
        '0.412 npm error code EUSAGE',
        '------',
        'Dockerfile:4',
        '--------------------',
        '   4 | >>> RUN npm ci',
        '--------------------',
        'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      ],
      'build-step-failed',
      4,
      'npm error code EUSAGE',
    ],
    [
      'a file that is not there',
      [
        '#6 [build 3/4] COPY package.json ./',
        '#6 ERROR: failed to calculate checksum of ref moby::abc: "/package.json": not found',
        'Dockerfile:3',
        '--------------------',
        'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref moby::abc: "/package.json": not found',
      ],
      'copy-source-missing',
      3,
      'package.json',
    ],
    [
      'an image that is not there',
      [
        '#2 [internal] load metadata for docker.io/library/node:24',
        '#2 ERROR: docker.io/library/node:24: not found',
        'Dockerfile:1',
        '--------------------',
        'ERROR: failed to solve: docker.io/library/node:24: failed to resolve source metadata for docker.io/library/node:24: docker.io/library/node:24: not found',
      ],
      'base-image-not-found',
      1,
      'docker.io/library/node:24',
    ],
    [
      'a login that is wanted',
      [
        '#2 ERROR: failed to authorize: failed to fetch oauth token: 401 Unauthorized',
        'Dockerfile:1',
        '--------------------',
        'ERROR: failed to solve: failed to resolve source metadata for docker.io/library/node:24: failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
      ],
      'base-image-refused',
      1,
      'docker.io/library/node:24',
    ],
  ];

  test.for(cases)('%s', ([, lines, code, line, says]) => {
    const problem = explain(lines);
    expect([problem.code, position(problem.at!).line]).toEqual([code, line]);
    expect(JSON.stringify(problem)).toContain(says);
  });
});

test("docker's archive: dates are made alike, so that two builds of one source are one image", async ({
  makeFolder,
}) => {
  const digests: string[] = [];
  for (const date of ['2001-01-01', '2020-02-02T02:02:02']) {
    const folder = makeFolder();
    const long = `${'a-rather-long-name-for-a-folder/'.repeat(5)}and-file.txt`;
    writeFiles(folder, {
      Dockerfile: 'FROM localhost/base/plain:1\nCOPY . /app\n',
      'a.txt': 'a',
      [long]: 'b',
    });
    await execa('find', [folder, '-exec', 'touch', '--date', date, '{}', '+']);
    const id = join(makeFolder(), 'id');
    await execa('buildah', ['build', '--layers', '--identity-label=false', '--iidfile', id, folder]);
    const { stdout } = await execa('cat', [id]);
    const saved = makeFolder();
    await execa('buildah', ['push', '--quiet', stdout, `docker-archive:${saved}/image.tar`]);
    const unpacked = join(saved, 'unpacked');
    mkdirSync(unpacked);
    await execa('tar', ['-xf', join(saved, 'image.tar'), '-C', unpacked]);
    const layout = join(saved, 'layout');
    mkdirSync(layout);
    const image = await fromDockerArchive(unpacked, layout, 315_532_801, async () => new Map());
    digests.push(image.digest);
    // Every file is there under its whole name.
    const root = join(saved, 'root');
    await unpackImage(image, root);
    expect(readFileSync(join(root, 'app', long), 'utf8')).toBe('b');
  }
  expect(digests[0]).toBe(digests[1]);
});
