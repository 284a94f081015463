// Bundles the program into dist/, so that a command loads one or two files instead of a thousand, and writes the
// manifest by which oclif knows all commands without loading them. No type check here: `npm run check`.
import { glob, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Plugin as OclifPlugin } from '@oclif/core';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build, type Plugin } from 'esbuild';
import { builtInFeatures } from '../src/catalog/built-in-features.ts';
import { builtInRuntimes } from '../src/catalog/built-in-runtimes.ts';
import { platformSchema } from '../src/model/platform-schema.ts';
import { rootSchema, type SchemaNode } from '../src/model/schema.ts';
import { validatorOptions } from '../src/model/validator-options.ts';
import { toCode } from './to-code.ts';

const root = join(import.meta.dirname, '..');

/** The modules of validators, by what they export and the schema that it is made of. */
const validators: Readonly<Record<string, { readonly name: string; readonly schema: SchemaNode }>> = {
  'validator.ts': { name: 'validate', schema: rootSchema },
  'platform-validator.ts': { name: 'validatePlatform', schema: platformSchema },
};

/** The validators as plain code: Ajv itself is not needed at run time. */
export const compiledValidator: Plugin = {
  name: 'compiled-validator',
  setup(plugin) {
    plugin.onLoad({ filter: /[/\\]src[/\\]model[/\\](platform-)?validator\.ts$/ }, ({ path }) => {
      const { name, schema } = validators[basename(path)]!;
      const ajv = new Ajv({ ...validatorOptions, code: { source: true, esm: true } });
      ajv.addSchema(schema, name);
      return { contents: standaloneCode.default(ajv, { [name]: name }), loader: 'js', resolveDir: root };
    });
  },
};

/** The built-in features and runtimes as plain code: nothing of their files is parsed at run time. */
const compiledTemplates: Plugin = {
  name: 'compiled-templates',
  setup(plugin) {
    plugin.onLoad({ filter: /[/\\]src[/\\]catalog[/\\]built-in-features\.ts$/ }, async () => ({
      contents: `export const builtInFeatures = async () => ${toCode(await builtInFeatures(root))};`,
    }));
    plugin.onLoad({ filter: /[/\\]src[/\\]catalog[/\\]built-in-runtimes\.ts$/ }, async () => ({
      contents: `export const builtInRuntimes = async () => ${toCode(await builtInRuntimes(root))};`,
    }));
  },
};

/**
 * Parts of oclif that this program has no use for, and whose loading every start would pay for: the search for
 * commands (the manifest names them), whether Linux runs inside Windows, and whether Node.js is new enough, which
 * bin/paas.js has seen to by then.
 */
const unusedParts: Plugin = {
  name: 'unused-parts',
  setup(plugin) {
    plugin.onLoad({ filter: /[/\\]node_modules[/\\]tinyglobby[/\\]/ }, () => ({
      contents: "exports.glob = () => { throw new Error('oclif.manifest.json is missing'); };",
    }));
    plugin.onLoad({ filter: /[/\\]node_modules[/\\]semver[/\\]index\.js$/ }, () => ({
      contents: 'exports.satisfies = () => true;',
    }));
    plugin.onLoad({ filter: /[/\\]node_modules[/\\]wsl-utils[/\\]/ }, () => ({
      contents: 'export const isWsl = false;',
    }));
  },
};

/**
 * `import` of node:http reads all that it exports, and WebSocket among that loads a whole HTTP client that nobody here
 * uses: 60 ms of processor time for every command that speaks to a cluster. `require` reads what is asked for.
 */
const requiredHttp: Plugin = {
  name: 'required-http',
  setup(plugin) {
    plugin.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'require-call'
        ? { path: 'node:http', external: true }
        : { path: 'node:http', namespace: 'required' },
    );
    plugin.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

export async function bundle(): Promise<void> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const commands = await Array.fromAsync(glob('src/commands/**/*.ts', { cwd: root }));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/start.ts', ...commands],
    outdir: 'dist',
    outbase: 'src',
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [compiledValidator, compiledTemplates, unusedParts, requiredHttp],
    // CommonJS packages inside an ES module bundle still call require.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
  });
  await writeManifest();
}

async function writeManifest(): Promise<void> {
  const file = join(root, 'oclif.manifest.json');
  await rm(file, { force: true });
  const plugin = new OclifPlugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  await writeFile(file, `${JSON.stringify(plugin.manifest, null, 2)}\n`);
}

if (import.meta.main) await bundle();
