import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished } from 'vitest';
import { position } from '../../src/document/lines.ts';
import { blobFile } from '../../src/images/layout-folder.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { test } from '../support/app.ts';
import { makeBaseImages } from './base-images.ts';
import { type Built, buildFolder, linesOf, writeFiles } from './build-project.ts';
import { buildahEnvironment, storageBeside } from './buildah.ts';

// By buildah for real, and by an image of a shell and its programs.

/** Once in a hundred times buildah loses what a step wrote right before it ended: these stay for a moment. */
const lingering = 'sleep 1;';

beforeAll(async () => {
  const env = await buildahEnvironment(console.log);
  Object.assign(process.env, env);
  await makeBaseImages(['plain'], env, console.log);
  // Another file may be making the images of all languages: one after the other.
}, 900_000);

const stages = `FROM localhost/base/plain:1 AS build
ARG GREETING=hi
WORKDIR /src
COPY a.txt .
RUN echo "$GREETING $(cat a.txt)" > /b.txt && date > /when.txt

FROM localhost/base/plain:1 AS other
RUN echo other > /b.txt

FROM localhost/base/plain:1
COPY --from=build /b.txt /b.txt
USER 65532:65532
EXPOSE 8080
CMD ["cat", "/b.txt"]
`;

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

function read<T>({ image }: Built, digest = image!.digest): T {
  return JSON.parse(readFileSync(blobFile(image!.layout, digest), 'utf8')) as T;
}

const configOf = (built: Built): { config: Record<string, unknown>; architecture: string } =>
  read(built, read<Manifest>(built).config.digest);

describe('a Dockerfile', () => {
  test('several stages, an argument, a user: an image layout and its digest', async ({ makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, { Dockerfile: stages, 'a.txt': 'world\n' });
    const built = await buildFolder(folder, join(makeFolder(), 'image'), { args: { GREETING: 'hello' } });
    expect(built.problems).toEqual([]);
    expect(built.image!.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(configOf(built).config).toMatchObject({
      User: '65532:65532',
      Cmd: ['cat', '/b.txt'],
      ExposedPorts: { '8080/tcp': {} },
    });
    const steps = built.events.flatMap((event) => (event.type === 'build-step' ? [event.instruction] : []));
    expect(steps).toContain('COPY --from=build /b.txt /b.txt');
  });

  test('the same source in another folder, built without a cache: the same digest', async ({
    makeFolder,
  }) => {
    const digests: string[] = [];
    for (const storage of [makeFolder(), makeFolder()]) {
      const folder = makeFolder();
      // Not what another test has built: the shared storage would have it.
      const dockerfile = stages.replace('&& date > /when.txt', '').replace('WORKDIR /src', 'WORKDIR /twice');
      writeFiles(folder, { Dockerfile: dockerfile.replace('echo other', 'echo twice'), 'a.txt': 'world\n' });
      // A storage of its own: nothing of the other build can be taken over.
      const before = process.env.CONTAINERS_STORAGE_CONF!;
      Object.assign(process.env, storageBeside(process.env, storage));
      try {
        const built = await buildFolder(folder, join(makeFolder(), 'image'));
        expect(built.problems).toEqual([]);
        // Only the ARG, which makes nothing.
        expect(built.events.filter(({ type }) => type === 'build-cached').length).toBeLessThanOrEqual(1);
        digests.push(built.image!.digest);
      } finally {
        process.env.CONTAINERS_STORAGE_CONF = before;
      }
    }
    expect(digests[0]).toBe(digests[1]);
  });

  test('again without a change: all from the cache, the same digest; a changed file: only its layers', async ({
    makeFolder,
  }) => {
    const folder = makeFolder();
    writeFiles(folder, {
      Dockerfile: 'FROM localhost/base/plain:1\nRUN echo deps > /deps\nCOPY a.txt /\n',
      'a.txt': 'one\n',
    });
    const first = await buildFolder(folder, join(makeFolder(), 'image'));
    const again = await buildFolder(folder, join(makeFolder(), 'image'));
    expect(again.image!.digest).toBe(first.image!.digest);
    expect(again.events.filter(({ type }) => type === 'build-cached')).toHaveLength(2);
    writeFiles(folder, { 'a.txt': 'two\n' });
    const changed = await buildFolder(folder, join(makeFolder(), 'image'));
    const [before, after] = [read<Manifest>(first).layers, read<Manifest>(changed).layers];
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).not.toEqual(before.at(-1));
  });

  test('a stage as target', async ({ makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, { Dockerfile: stages, 'a.txt': 'world\n' });
    const built = await buildFolder(folder, join(makeFolder(), 'image'), { target: 'build' });
    expect(built.problems).toEqual([]);
    expect(configOf(built).config.WorkingDir).toBe('/src');
  });

  test('several platforms, where no step needs to run', async ({ makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, { Dockerfile: 'FROM scratch\nCOPY a.txt /\nCMD ["/a.txt"]\n', 'a.txt': 'one\n' });
    const platforms = ['linux/amd64', 'linux/arm64'];
    const built = await buildFolder(folder, join(makeFolder(), 'image'), { platforms });
    expect(built.problems).toEqual([]);
    const { manifests } = read<{ manifests: { digest: string; platform: { architecture: string } }[] }>(
      built,
    );
    expect(manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    for (const { digest, platform } of manifests) {
      const { config } = read<Manifest>(built, digest);
      expect(read<{ architecture: string }>(built, config.digest).architecture).toBe(platform.architecture);
    }
  });

  test('an argument that looks like a secret: a warning, and its value nowhere', async ({ makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, {
      Dockerfile: `FROM localhost/base/plain:1\nARG NPM_TOKEN\nRUN echo "got $NPM_TOKEN"; ${lingering} exit 4\n`,
    });
    const args = { NPM_TOKEN: 'pl4nted-v4lue' };
    const built = await buildFolder(folder, join(makeFolder(), 'image'), { args });
    expect(built.events[0]).toMatchObject({
      type: 'build-warning',
      problem: { code: 'secret-in-build-args' },
    });
    expect(linesOf(built)).toContain('got ***');
    expect(JSON.stringify(built)).not.toContain('pl4nted-v4lue');
  });

  test('stopped: it ends at once, with every program of its steps', async ({ makeFolder }) => {
    const folder = makeFolder();
    const mark = `8${Date.now() % 1_000_000}`;
    writeFiles(folder, { Dockerfile: `FROM localhost/base/plain:1\nRUN echo waiting; sleep ${mark}\n` });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const start = { at: 0 };
    const building = buildFolder(folder, join(makeFolder(), 'image'), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type !== 'build-line' || event.text !== 'waiting') return;
        start.at = performance.now();
        stop.abort(new Error('stopped by hand'));
      },
    });
    await expect(building).rejects.toThrow('stopped by hand');
    // The step would take days; and a tool that doesn't tidy up by itself is ended after half a minute.
    expect(performance.now() - start.at).toBeLessThan(60_000);
    const { stdout } = await execa('ps', ['-eo', 'args']);
    expect(stdout.split('\n').filter((line) => line.includes(mark) && !line.includes('Dockerfile'))).toEqual(
      [],
    );
  });
});

describe('what goes wrong is one problem, at its line', () => {
  const from = 'FROM localhost/base/plain:1\n';
  const cases: readonly {
    readonly name: string;
    readonly dockerfile: string;
    readonly code: string;
    readonly line: number;
    readonly says?: RegExp;
    readonly target?: string;
  }[] = [
    {
      name: 'a step that fails',
      dockerfile: `${from}# why not\nRUN echo one && \\\n  # in between\n  echo two >&2 && \\\n  ${lingering} exit 3\n`,
      code: 'build-step-failed',
      line: 3,
      says: /exit code 3.*\bone\b.*\btwo\b/s,
    },
    {
      name: 'a step that fails in a later stage',
      dockerfile: `${from}RUN true\n${from}RUN true\nRUN false\nRUN true\n`,
      code: 'build-step-failed',
      line: 5,
    },
    {
      name: 'a program that is not there',
      dockerfile: `${from}RUN nosuchprogram --help\n`,
      code: 'build-step-failed',
      line: 2,
      says: /exit code 127.*not in the image/s,
    },
    {
      name: 'a file that is not there',
      dockerfile: `${from}COPY package.json /app/\n`,
      code: 'copy-source-missing',
      line: 2,
      says: /no package\.json in the folder/,
    },
    {
      name: 'files of a pattern that matches none',
      dockerfile: `${from}COPY *.jar /app/\n`,
      code: 'copy-source-missing',
      line: 2,
      says: /\*\.jar/,
    },
    {
      name: 'a file that is left out',
      dockerfile: `${from}COPY left-out.txt /app/\n`,
      code: 'copy-source-missing',
      line: 2,
      says: /no left-out\.txt in.*does \.dockerignore/s,
    },
    {
      name: 'a file outside',
      dockerfile: `${from}COPY ../secret /app/\n`,
      code: 'copy-source-missing',
      line: 2,
    },
    {
      name: 'a file that no step made',
      dockerfile: `FROM localhost/base/plain:1 AS build\nRUN true\n${from}COPY --from=build /nope /app/\n`,
      code: 'copy-source-missing',
      line: 4,
      says: /stage build/,
    },
    {
      name: 'a stage that is not there',
      dockerfile: `FROM localhost/base/plain:1 AS build\n${from}COPY --from=biuld /bin/sh /app/\n`,
      code: 'unknown-stage',
      line: 3,
      says: /Did you mean build/,
    },
    {
      name: 'a target that is not there',
      dockerfile: `FROM localhost/base/plain:1 AS build\n`,
      target: 'biuld',
      code: 'unknown-stage',
      line: 1,
      says: /Did you mean build/,
    },
    {
      name: 'a typing error',
      dockerfile: `${from}RUN true\nCOYP a b\n`,
      code: 'dockerfile-invalid',
      line: 3,
      says: /Did you mean COPY/,
    },
    { name: 'no FROM', dockerfile: 'RUN true\n', code: 'dockerfile-invalid', line: 1 },
    { name: 'nothing in it', dockerfile: '\n# nothing\n', code: 'dockerfile-invalid', line: 1 },
    {
      name: 'a registry of an unknown name',
      dockerfile: '# first\nFROM registry.invalid/base:1\nRUN true\n',
      code: 'base-image-unreachable',
      line: 2,
      says: /registry\.invalid\/base:1/,
    },
    {
      name: 'a name without a registry',
      dockerfile: 'FROM nodee:24\nRUN true\n',
      code: 'base-image-not-found',
      line: 1,
      says: /docker\.io\/library\/nodee:24/,
    },
    {
      name: 'a full disk',
      dockerfile: `${from}RUN echo x > /dev/full\n`,
      code: 'build-no-space',
      line: 2,
    },
  ];

  test.for(cases)('$name', async ({ dockerfile, code, line, says, target }, { makeFolder }) => {
    const folder = makeFolder();
    writeFiles(folder, { Dockerfile: dockerfile, '.dockerignore': 'left-out.txt\n', 'left-out.txt': '' });
    const built = await buildFolder(folder, join(makeFolder(), 'image'), { target });
    expect(built.problems.map((problem) => [problem.code, position(problem.at!).line])).toEqual([
      [code, line],
    ]);
    const [problem] = built.problems as [Problem];
    expect(problem.hint).toBeTruthy();
    if (says) expect(JSON.stringify(problem)).toMatch(says);
  });
});
