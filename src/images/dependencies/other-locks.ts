import { createHash } from 'node:crypto';
import { readData, valueAtPath } from '../../detect/read-data.ts';
import { inStep, type LockState, type ReadText } from './lock.ts';

/** Bundler: names only, since a Gemfile is a program. */
export async function bundlerLock(read: ReadText): Promise<LockState> {
  const gemfile = await read('Gemfile');
  if (gemfile === undefined) return inStep;
  const asked = gemNames(gemfile);
  const text = (await read('Gemfile.lock'))?.replaceAll('\r\n', '\n');
  const command = 'bundle lock';
  if (text === undefined)
    return asked.length === 0
      ? inStep
      : { state: 'missing', manifest: 'Gemfile', lock: 'Gemfile.lock', command };
  const [, dependencies = ''] = /^DEPENDENCIES\n((?: {2}.*\n?)*)/m.exec(text) ?? [];
  const locked = new Set([...dependencies.matchAll(/^ {2}([^\s!(]+)/gm)].map(([, name = '']) => name));
  return byNames(
    'Gemfile',
    'Gemfile.lock',
    asked.filter((name) => !locked.has(name)),
    command,
  );
}

/** Gems that are asked for wherever it runs: what stands in a block or behind a condition may not be, and isn't locked then. */
function gemNames(gemfile: string): string[] {
  const statements = gemfile
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .join('\n')
    .replaceAll(/,\n+/g, ', ')
    .split('\n');
  const names: string[] = [];
  let depth = 0;
  for (const statement of statements) {
    if (/^end\b/.test(statement)) depth -= 1;
    else if (/\bdo(\s*\|[^|]*\|)?$|^(if|unless|case|begin|while|until|def)\b/.test(statement)) depth += 1;
    const [, name] = /^gem\s*\(?\s*["']([^"']+)["']/.exec(statement) ?? [];
    if (name && depth === 0 && !/\s(if|unless)\s/.test(statement)) names.push(name);
  }
  return names;
}

const composerKeys = [
  'name',
  'version',
  'require',
  'require-dev',
  'conflict',
  'replace',
  'provide',
  'minimum-stability',
  'prefer-stable',
  'repositories',
  'extra',
];

/** Composer: a hash of what counts of composer.json. Source: composer, Locker::getContentHash. */
export async function composerLock(read: ReadText): Promise<LockState> {
  const manifest = parse(await read('composer.json'));
  if (!manifest) return inStep;
  const command = 'composer update --lock';
  const names = Object.keys((manifest.require ?? {}) as object).filter((name) => name.includes('/'));
  const lock = parse(await read('composer.lock'));
  if (!lock)
    return names.length === 0
      ? inStep
      : { state: 'missing', manifest: 'composer.json', lock: 'composer.lock', command };
  const relevant: Record<string, unknown> = {};
  for (const key of composerKeys) if (key in manifest) relevant[key] = manifest[key];
  const platform = (manifest.config as Record<string, unknown> | undefined)?.platform;
  if (platform !== undefined) relevant.config = { platform };
  const sorted = Object.fromEntries(Object.entries(relevant).sort(([a], [b]) => (a < b ? -1 : 1)));
  const hash = createHash('md5').update(asPhp(sorted)).digest('hex');
  if (hash === lock['content-hash']) return inStep;
  const packages = [...asList(lock.packages), ...asList(lock['packages-dev'])].map(({ name }) => name);
  const missing = names.filter((name) => !packages.includes(name));
  return {
    state: 'out-of-step',
    manifest: 'composer.json',
    lock: 'composer.lock',
    differences: missing.map((name) => ({ name, asked: undefined, locked: undefined })),
    command,
  };
}

/** As PHP writes JSON: an empty object is a list to it, and slashes and foreign letters are escaped. */
const asPhp = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) && Object.keys(one).length === 0
      ? []
      : one,
  )
    .replaceAll('/', '\\/')
    .replaceAll(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** poetry and uv: names only; the hash that poetry keeps differs from version to version. */
export const poetryLock = (read: ReadText): Promise<LockState> =>
  pythonLock(read, 'poetry.lock', 'poetry lock');
export const uvLock = (read: ReadText): Promise<LockState> => pythonLock(read, 'uv.lock', 'uv lock');

async function pythonLock(read: ReadText, lock: string, command: string): Promise<LockState> {
  const manifest = await read('pyproject.toml');
  if (manifest === undefined) return inStep;
  const asked = await pythonNames(manifest);
  const text = await read(lock);
  if (text === undefined)
    return asked.length === 0 ? inStep : { state: 'missing', manifest: 'pyproject.toml', lock, command };
  const locked = new Set(
    [...text.matchAll(/^\[\[package\]\]\s*\nname = "([^"]+)"/gm)].map(([, name = '']) => plainName(name)),
  );
  return byNames(
    'pyproject.toml',
    lock,
    asked.filter((name) => !locked.has(name)),
    command,
  );
}

/** Those of `[project] dependencies` and `[tool.poetry.dependencies]`. */
async function pythonNames(text: string): Promise<string[]> {
  // Where it is broken, its own tool says better what is wrong in it.
  const [data] = await readData('toml', { path: 'pyproject.toml', text }).catch(() => []);
  const list = valueAtPath(data, ['project', 'dependencies']);
  const project = (Array.isArray(list) ? list : []).map(
    (item) => /^\s*([A-Za-z0-9][\w.-]*)/.exec(String(item))?.[1] ?? '',
  );
  const poetry = Object.keys(valueAtPath(data, ['tool', 'poetry', 'dependencies']) ?? {});
  // A project may ask for extras of its own.
  const own = plainName(String(valueAtPath(data, ['project', 'name']) ?? ''));
  return [...project, ...poetry].map(plainName).filter((name) => !['', 'python', own].includes(name));
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** pip: a list of requirements holds versions only where each is exact. */
export async function pipLock(read: ReadText): Promise<LockState> {
  const text = await read('requirements.txt');
  const loose = (text ?? '')
    .split('\n')
    .map((line) => line.replace(/\s*(#.*|\\)?$/, '').trim())
    .filter((line) => /^[A-Za-z0-9]/.test(line) && !/===?\s*[\w.]|\s@\s/.test(line));
  if (loose.length === 0) return inStep;
  return {
    state: 'missing',
    manifest: 'requirements.txt',
    lock: 'requirements.txt',
    command: 'pip freeze > requirements.txt',
  };
}

/** Go: go.sum has a line for the go.mod of every module that is required. */
export async function goLock(read: ReadText): Promise<LockState> {
  const manifest = await read('go.mod');
  if (manifest === undefined || (await read('vendor/modules.txt')) !== undefined) return inStep;
  const replaced = new Set(
    [...manifest.matchAll(/^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>/gm)].map(([, name]) => name),
  );
  const required = goRequired(manifest).filter(({ name }) => !replaced.has(name));
  const command = 'go mod tidy';
  const text = await read('go.sum');
  if (text === undefined)
    return required.length === 0 ? inStep : { state: 'missing', manifest: 'go.mod', lock: 'go.sum', command };
  const lines = new Set(text.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')));
  const differences = required
    .filter(({ name, version }) => !lines.has(`${name} ${version}/go.mod`))
    .map(({ name, version }) => ({ name, asked: version, locked: undefined }));
  return differences.length === 0
    ? inStep
    : { state: 'out-of-step', manifest: 'go.mod', lock: 'go.sum', differences, command };
}

/** The modules of `require`, in a line or in a block; other blocks (`exclude`, `retract`) have the same form. */
function goRequired(manifest: string): { readonly name: string; readonly version: string }[] {
  const found: { name: string; version: string }[] = [];
  let block: string | undefined;
  for (const line of manifest.split(/\r?\n/)) {
    const words = line
      .replace(/\/\/.*$/, '')
      .trim()
      .split(/\s+/);
    if (words[1] === '(') block = words[0];
    else if (words[0] === ')') block = undefined;
    else {
      const [verb, name = '', version = ''] = block === undefined ? words : [block, ...words];
      if (verb === 'require') found.push({ name, version });
    }
  }
  return found.filter(({ version }) => /^v\d/.test(version));
}

const byNames = (manifest: string, lock: string, names: readonly string[], command: string): LockState =>
  names.length === 0
    ? inStep
    : {
        state: 'out-of-step',
        manifest,
        lock,
        differences: names.map((name) => ({ name, asked: undefined, locked: undefined })),
        command,
      };

type Json = Record<string, unknown>;

function parse(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

const asList = (value: unknown): { name: string }[] => (Array.isArray(value) ? value : []);
