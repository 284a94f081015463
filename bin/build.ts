// Bundles the program into dist/, so that a command loads one or two files instead of a thousand, and writes the
// manifest by which oclif knows all commands without loading them. No type check here: `npm run check`.
import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
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

/**
 * The built-in features and runtimes as plain code: nothing of their files is parsed at run time. Where each word of a
 * template stands is needed only to say so.
 */
const compiledTemplates: Plugin = {
  name: 'compiled-templates',
  setup(plugin) {
    plugin.onLoad({ filter: /[/\\]src[/\\]catalog[/\\]built-in-features\.ts$/ }, async () => ({
      contents: `export const builtInFeatures = async () => ${toCode(await builtInFeatures(root), ['root'])};`,
    }));
    plugin.onLoad({ filter: /[/\\]src[/\\]catalog[/\\]built-in-runtimes\.ts$/ }, async () => ({
      contents: `export const builtInRuntimes = async () => ${toCode(await builtInRuntimes(root))};`,
    }));
  },
};

/**
 * Parts of packages that this program has no use for, and whose loading every start would pay for. Of oclif the search
 * for commands (the manifest names them), whether Linux runs inside Windows, and whether Node.js is new enough, which
 * bin/paas.js has seen to by then; of undici `fetch`, its caches and mocks; of the Kubernetes client all that speaks
 * to the API, of which none has effects of its own.
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
    plugin.onLoad({ filter: /[/\\]node_modules[/\\]undici[/\\]index\.js$/ }, () => ({
      contents: undiciParts,
    }));
    plugin.onResolve({ filter: /^\./ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === resolving || !/@kubernetes[/\\]client-node/.test(from.resolveDir)) return undefined;
      const found = await plugin.resolve(path, { ...from, pluginData: resolving });
      return { ...found, sideEffects: false };
    });
  },
};

const resolving = Symbol('resolving');

/** Packages that the Kubernetes client imports and few clusters need, by what it takes of them: loaded at first use. */
const rarelyNeeded: Readonly<Record<string, readonly string[]>> = {
  'socks-proxy-agent': ['SocksProxyAgent'],
  socks: ['SocksClient'],
  hpagent: ['HttpProxyAgent', 'HttpsProxyAgent'],
};

const loadedAtFirstUse: Plugin = {
  name: 'loaded-at-first-use',
  setup(plugin) {
    const names = new RegExp(`^(${Object.keys(rarelyNeeded).join('|')})$`);
    plugin.onResolve({ filter: names }, ({ path, importer, resolveDir }) =>
      /@kubernetes[/\\]client-node/.test(importer)
        ? { path, namespace: 'first-use', pluginData: resolveDir }
        : undefined,
    );
    plugin.onLoad({ filter: names, namespace: 'first-use' }, ({ path, pluginData }) => ({
      contents: `module.exports = {${rarelyNeeded[path]!.map((name) => `get ${name}() { return require('${path}').${name}; }`).join(', ')}};`,
      resolveDir: pluginData,
    }));
  },
};

/** What undici's own index.js exports, as far as it is used here and by the Kubernetes client. */
const undiciParts = `
Object.assign(require('./lib/dispatcher/dispatcher').prototype, require('./lib/api'));
module.exports = {
  get Agent() { return require('./lib/dispatcher/agent'); },
  get ProxyAgent() { return require('./lib/dispatcher/proxy-agent'); },
  get EnvHttpProxyAgent() { return require('./lib/dispatcher/env-http-proxy-agent'); },
};`;

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

/** Commands that ask no cluster: each is bundled for itself, so that it loads nothing of what speaks to one. */
const offline = /^(catalog|explain|init|render|schema|validate)\b/;

/**
 * All other commands, as one: they have nearly everything in common, and a chunk for each of the ways in which they share
 * it would cost a third of their start.
 */
const online = 'online';

function commandsTogether(commands: readonly string[]): Plugin {
  return {
    name: 'commands-together',
    setup(plugin) {
      plugin.onResolve({ filter: new RegExp(`^${online}$`) }, () => ({ path: online, namespace: online }));
      plugin.onLoad({ filter: /./, namespace: online }, () => ({
        contents: commands
          .map((name) => `export { default as ${exportOf(name)} } from './src/commands/${name}.ts';`)
          .join('\n'),
        resolveDir: root,
      }));
    },
  };
}

/** `releases/show` → `releases_show` */
function exportOf(command: string): string {
  return command.replaceAll('/', '_');
}

export async function bundle(): Promise<void> {
  const folder = join(root, 'dist');
  const found = await Array.fromAsync(glob('**/*.ts', { cwd: join(root, 'src', 'commands') }));
  const commands = found.map((path) => path.replaceAll('\\', '/').replace(/\.ts$/, ''));
  const alone = commands.filter((name) => offline.test(name));
  const together = commands.filter((name) => !offline.test(name));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'src/cli/start.ts', out: 'cli/start' },
      ...alone.map((name) => ({ in: `src/commands/${name}.ts`, out: `commands/${name}` })),
      { in: online, out: online },
    ],
    outdir: folder,
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
    metafile: true,
    plugins: [
      commandsTogether(together),
      compiledValidator,
      compiledTemplates,
      unusedParts,
      loadedAtFirstUse,
      requiredHttp,
    ],
    // CommonJS packages inside an ES module bundle still call require.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
  });
  const written = Object.keys(metafile.outputs).map((path) => join(root, path));
  for (const name of together) written.push(await writeCommand(folder, name));
  await writeManifest();
  await removeOthers(folder, new Set(written));
}

/** The file in which oclif looks for a command. */
async function writeCommand(folder: string, name: string): Promise<string> {
  const file = join(folder, 'commands', `${name}.js`);
  const from = relative(dirname(file), join(folder, `${online}.js`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `export { ${exportOf(name)} as default } from '${from.replaceAll('\\', '/')}';\n`);
  return file;
}

/** What an earlier build has left; after this one stands, since a program may be running from here. */
async function removeOthers(folder: string, written: ReadonlySet<string>): Promise<void> {
  for await (const path of glob('**/*.js', { cwd: folder })) {
    if (!written.has(join(folder, path))) await rm(join(folder, path));
  }
}

async function writeManifest(): Promise<void> {
  const file = join(root, 'oclif.manifest.json');
  await rm(file, { force: true });
  const plugin = new OclifPlugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  await writeFile(file, `${JSON.stringify(plugin.manifest, null, 2)}\n`);
}

if (import.meta.main) await bundle();
