import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidateFunction } from 'ajv';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { compiledValidator } from '../../bin/build.ts';
import { validatePlatform } from '../../src/model/platform-validator.ts';
import { validate } from '../../src/model/validator.ts';
import { test } from '../support/app.ts';
import { generateFile, mutate } from '../support/generate.ts';
import { root } from '../support/paas.ts';
import { Random } from '../support/random.ts';

test('the compiled validator says what the one at run time says', async ({ makeFolder }) => {
  const compiled = await compile(join(makeFolder(), 'validator.mjs'));
  const files = globSync(['test/problems/*/paas.yaml', 'test/model/overlays/*/paas.yaml'], { cwd: root });
  const values = files.map((path) => readPlain(readFileSync(join(root, path), 'utf8')));
  for (let seed = 1; seed <= 300; seed++) {
    values.push(readPlain(stringify(generateFile(new Random(seed), 0.1))));
  }
  for (const value of values) {
    expect([compiled(value), said(compiled)]).toEqual([validate(value), said(validate)]);
  }
});

test('so does that of platform.yaml', async ({ makeFolder }) => {
  const compiled = await compile(join(makeFolder(), 'validator.mjs'), 'platform-validator');
  const files = globSync(['test/problems/*/platform.yaml', 'examples/*/platform.yaml'], { cwd: root });
  expect(files.length).toBeGreaterThan(15);
  const random = new Random(1);
  for (const text of files.map((path) => readFileSync(join(root, path), 'utf8'))) {
    for (const value of [text, mutate(text, random), mutate(text, random)].map(readPlain)) {
      expect([compiled(value), said(compiled)]).toEqual([validatePlatform(value), said(validatePlatform)]);
    }
  }
});

async function compile(path: string, module = 'validator'): Promise<ValidateFunction> {
  const result = await build({
    entryPoints: [join(root, `src/model/${module}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [compiledValidator],
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
  });
  writeFileSync(path, result.outputFiles[0]!.text);
  const { validate, validatePlatform } = await import(pathToFileURL(path).href);
  return validate ?? validatePlatform;
}

function readPlain(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return null;
  }
}

function said({ errors }: ValidateFunction): unknown {
  return (errors ?? []).map(({ keyword, instancePath, params }) => ({ keyword, instancePath, params }));
}
