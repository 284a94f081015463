import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished } from 'vitest';
import { builtInRuntimes } from '../../src/catalog/built-in-runtimes.ts';
import { loadRecipe } from '../../src/catalog/load-recipe.ts';
import { detect } from '../../src/detect/detect.ts';
import { assembleSource } from '../../src/images/assemble-source.ts';
import type { BuildEvent } from '../../src/images/build-event.ts';
import type { MadeImage } from '../../src/images/make-options.ts';
import { recipeFor, recipeNameOf } from '../../src/images/recipe-for.ts';
import { readBlobBytes } from '../../src/registry/blob-bytes.ts';
import type { ImageConfig } from '../../src/registry/oci.ts';
import { publish } from '../../src/registry/publish.ts';
import { test } from '../support/app.ts';
import { fill, image, open, platform, registryOf } from '../support/images.ts';
import { root } from '../support/paas.ts';

// What images that are put together without a tool start, and of what.

interface Assembled {
  readonly config: ImageConfig;
  /** The steps that were told. */
  readonly names: readonly string[];
  /** Of its own layers, without folders. */
  readonly files: readonly string[];
  readonly read: (file: string) => Promise<string | undefined>;
}

/** Assembles what is in a folder, on nothing unless `base` is said. */
async function assembled(folder: string, base = 'scratch'): Promise<Assembled> {
  const [detected] = await detect(folder, await builtInRuntimes(root));
  const recipe = (await loadRecipe(join(root, 'templates/runtimes', recipeNameOf(detected!))))!;
  const build = recipeFor(detected!, recipe, { [recipe.name]: base });
  const making = assembleSource(folder, detected!, recipe, build, {
    root: folder,
    cwd: folder,
    env: {},
    runtimes: [],
    programRoot: root,
    baseImages: {},
    plainHttp: new Set(),
    platform: `${platform.os}/${platform.architecture}`,
    check: false,
    signal: new AbortController().signal,
  });
  const names: string[] = [];
  let next: IteratorResult<BuildEvent, MadeImage> = await making.next();
  for (; !next.done; next = await making.next())
    if (next.value.type === 'build-step') names.push(next.value.instruction);
  const made = next.value;
  onTestFinished(made.close);
  const files: string[] = [];
  const read = async (file: string): Promise<string | undefined> => {
    for (const layer of made.image.blobs.slice(1)) {
      const input = Buffer.concat(await Array.fromAsync(readBlobBytes(layer, 0, layer.descriptor.size)));
      const { stdout, failed } = await execa('tar', ['-xzOf', '-', file], {
        input,
        reject: false,
        stripFinalNewline: false,
      });
      if (!failed) return stdout;
    }
    return undefined;
  };
  for (const layer of made.image.blobs.slice(1)) {
    const input = Buffer.concat(await Array.fromAsync(readBlobBytes(layer, 0, layer.descriptor.size)));
    const { stdout } = await execa('tar', ['-tzf', '-'], { input });
    files.push(...stdout.split('\n').filter((name) => !name.endsWith('/')));
  }
  const bytes = await Array.fromAsync(
    readBlobBytes(made.image.blobs[0]!, 0, made.image.blobs[0]!.descriptor.size),
  );
  return { config: JSON.parse(Buffer.concat(bytes).toString()) as ImageConfig, names, files, read };
}

describe('an image of files that are there', () => {
  test('may be on one of a registry on this machine, which is reached without TLS', async ({
    makeFolder,
  }) => {
    const { host } = await registryOf();
    const below = await image([[{ content: 'below', to: '/below.txt' }]]);
    await publish(below.image, { registry: open(host), repository: 'base', tag: '1' });
    const folder = fill(makeFolder(), { 'index.html': 'hello' });
    const { names } = await assembled(folder, `${host}/base:1`);
    expect(names[0]).toBe(`FROM ${host}/base:1`);
  });

  test('of Java: the one jar that is no by-product, and the port that the source says', async ({
    makeFolder,
  }) => {
    const { config, files, names } = await assembled(
      fill(makeFolder(), {
        'build.gradle': "plugins {\n  id 'org.springframework.boot'\n}\n",
        'src/main/resources/application.properties': 'server.port=9090\n',
        'build/libs/shop-1.0-plain.jar': 'classes',
        'build/libs/shop-1.0-sources.jar': 'sources',
        'build/libs/shop-1.0.jar': 'all of it',
      }),
    );
    expect(names).toContain('COPY build/libs/shop-1.0.jar');
    expect(files).toEqual(['app/app.jar']);
    expect(config.config?.Cmd).toEqual(['sh', '-c', 'exec java -jar /app/app.jar']);
    expect(config.config?.Env).toEqual(
      expect.arrayContaining(['PORT=9090', 'SERVER_PORT=9090', 'QUARKUS_HTTP_PORT=9090']),
    );
  });

  test('of Python: programs of its packages are on the PATH, and start by the Python of the image', async ({
    makeFolder,
  }) => {
    const folder = fill(makeFolder(), {
      'requirements.txt': 'gunicorn\nflask\n',
      'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
      'vendor/bin/gunicorn': '#!/home/ada/shop/.venv/bin/python3.13\nimport sys\n',
      'vendor/bin/native': '\u007fELF',
      'vendor/gunicorn/__init__.py': '',
    });
    const { config, files, read } = await assembled(folder);
    expect(config.config?.Cmd?.join(' ')).toMatch(/^sh -c exec gunicorn app:app/);
    expect(config.config?.Env?.find((one) => one.startsWith('PATH='))).toMatch(/^PATH=\/app\/vendor\/bin:/);
    expect(files.filter((file) => file === 'app/vendor/bin/gunicorn')).toHaveLength(1);
    expect(files).toContain('app/vendor/bin/native');
    expect(await read('app/vendor/bin/gunicorn')).toBe('#!/usr/bin/env python3\nimport sys\n');
  });

  test.for([
    ['Maven', 'pom.xml', 'target'],
    ['Gradle', 'build.gradle', 'build'],
  ] as const)(
    'of Quarkus by %s: its folder is the program, and starts there',
    async (given, { makeFolder }) => {
      const [, manifest, output] = given;
      const { config, files } = await assembled(
        fill(makeFolder(), {
          [manifest]: "<artifactId>quarkus-bom</artifactId>\nid 'io.quarkus'\n",
          [`${output}/quarkus-app/quarkus-run.jar`]: 'jar',
          [`${output}/quarkus-app/lib/main/a.jar`]: 'jar',
        }),
      );
      expect(config.config?.Cmd).toEqual(['java', '-jar', '/app/quarkus-run.jar']);
      expect(files).toEqual(['app/lib/main/a.jar', 'app/quarkus-run.jar']);
    },
  );
});
