import { parseDocument } from '../../document/parse.ts';
import { toPlain } from '../../document/value.ts';
import { inStep, type LockState, type OutOfStep, type ReadText } from './lock.ts';

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  /** Of yarn, and of pnpm too: other ranges than those that are asked for. */
  readonly resolutions?: Ranges;
  readonly pnpm?: { readonly overrides?: Ranges };
}

/** npm: the lock file notes the ranges of package.json that it was made for. */
export async function npmLock(read: ReadText): Promise<LockState> {
  const manifest = parseJson<Manifest>(await read('package.json'));
  if (!manifest) return inStep;
  const [file, text] = await firstOf(read, ['npm-shrinkwrap.json', 'package-lock.json']);
  if (text === undefined) return missing(manifest, 'package-lock.json', 'npm install --package-lock-only');
  const lock = parseJson<{ packages?: Record<string, Manifest>; dependencies?: Record<string, unknown> }>(
    text,
  );
  const root = lock?.packages?.[''];
  // Of npm 6 and before: names only.
  const locked = root
    ? rangesOf(root)
    : Object.fromEntries(Object.keys(lock?.dependencies ?? {}).map((name) => [name, undefined]));
  return compare(manifest, file, locked, root !== undefined, 'npm install --package-lock-only');
}

/** pnpm: as npm, under `importers`. */
export async function pnpmLock(read: ReadText): Promise<LockState> {
  const manifest = parseJson<Manifest>(await read('package.json'));
  const text = await read('pnpm-lock.yaml');
  if (!manifest) return inStep;
  const command = 'pnpm install --lockfile-only';
  if (text === undefined) return missing(manifest, 'pnpm-lock.yaml', command);
  const lock = readYaml<Record<string, unknown> & { importers?: Record<string, unknown> }>(text);
  const workspace = readYaml<{ overrides?: Ranges }>((await read('pnpm-workspace.yaml')) ?? '');
  const overrides = { ...manifest.resolutions, ...manifest.pnpm?.overrides, ...workspace?.overrides };
  type Locked = Record<string, { specifier?: string } | string>;
  const own = (lock?.importers?.['.'] ?? lock) as Record<string, Locked | undefined> | undefined;
  const locked: Record<string, string | undefined> = {};
  for (const section of sections) {
    for (const [name, entry] of Object.entries(own?.[section] ?? {})) {
      locked[name] = typeof entry === 'string' ? undefined : entry.specifier;
    }
  }
  // The lock file notes what takes the place of the range.
  for (const name of overridden(overrides)) if (name in locked) locked[name] = undefined;
  return compare(manifest, 'pnpm-lock.yaml', locked, false, command);
}

/** Direct dependencies that overrides are about: `ms`, `ms@^2` and `**\/ms`, but not `debug>ms`. */
const overridden = (overrides: Ranges): string[] =>
  Object.keys(overrides).flatMap(
    (key) => /^(?:\*\*\/)?((?:@[^/@>]+\/)?[^/@>]+)(?:@[^/>]*)?$/.exec(key)?.[1] ?? [],
  );

/** yarn: an entry is named after every range that it stands for. */
export async function yarnLock(read: ReadText): Promise<LockState> {
  const manifest = parseJson<Manifest>(await read('package.json'));
  const text = await read('yarn.lock');
  if (!manifest) return inStep;
  if (text === undefined) return missing(manifest, 'yarn.lock', 'yarn install');
  const entries = new Set<string>();
  for (const line of text.split('\n')) {
    if (!/^["\w@]/.test(line) || !line.trimEnd().endsWith(':')) continue;
    for (const one of line.trimEnd().slice(0, -1).replaceAll('"', '').split(', '))
      entries.add(one.replace('@npm:', '@'));
  }
  const others = overridden(manifest.resolutions ?? {});
  const differences = Object.entries(rangesOf(manifest))
    .filter(([name]) => !others.includes(name))
    .filter(([, range]) => /^[\^~\d>=<*xv]/.test(range))
    .filter(([name, range]) => !entries.has(`${name}@${range}`))
    .map(([name, asked]) => ({ name, asked, locked: undefined }));
  return outOfStep('package.json', 'yarn.lock', differences, 'yarn install');
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

const rangesOf = (manifest: Manifest): Record<string, string> =>
  Object.assign({}, ...sections.map((section) => manifest[section] ?? {}));

function compare(
  manifest: Manifest,
  lock: string,
  locked: Readonly<Record<string, string | undefined>>,
  whole: boolean,
  command: string,
): LockState {
  const asked = rangesOf(manifest);
  const differences: OutOfStep[] = [];
  for (const [name, range] of Object.entries(asked)) {
    if (!(name in locked)) differences.push({ name, asked: range, locked: undefined });
    else if (locked[name] !== undefined && locked[name] !== range)
      differences.push({ name, asked: range, locked: locked[name] });
  }
  for (const name of whole ? Object.keys(locked) : []) {
    if (!(name in asked)) differences.push({ name, asked: undefined, locked: locked[name] });
  }
  return outOfStep('package.json', lock, differences, command);
}

function missing(manifest: Manifest, lock: string, command: string): LockState {
  if (Object.keys(rangesOf(manifest)).length === 0) return inStep;
  return { state: 'missing', manifest: 'package.json', lock, command };
}

const outOfStep = (
  manifest: string,
  lock: string,
  differences: readonly OutOfStep[],
  command: string,
): LockState =>
  differences.length === 0 ? inStep : { state: 'out-of-step', manifest, lock, differences, command };

async function firstOf(
  read: ReadText,
  files: readonly string[],
): Promise<readonly [string, string | undefined]> {
  for (const file of files) {
    const text = await read(file);
    if (text !== undefined) return [file, text];
  }
  return [files[0]!, undefined];
}

function readYaml<T>(text: string): T | undefined {
  const { root } = parseDocument({ path: 'pnpm', text });
  return root?.kind === 'map' ? (toPlain(root) as T) : undefined;
}

function parseJson<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    // Its own tool says better what is wrong in it.
    return undefined;
  }
}
