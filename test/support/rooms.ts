import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImports, roomOf } from './imports.ts';

/** What a room may import: other rooms, and packages. */
export interface Room {
  readonly rooms: readonly string[];
  /** Beside its own and other rooms' types, which cost nothing: packages by name. */
  readonly packages: readonly string[];
  /** A pure room touches neither clock, network, process nor files: its result depends on its arguments alone. */
  readonly pure?: boolean;
  /** Only these may read `process`. */
  readonly process?: boolean;
}

/** The map of the house, from the bottom up. README, "How it is built", says what each is for. */
export const rooms: Readonly<Record<string, Room>> = {
  problems: { rooms: [], packages: [], pure: true },
  document: { rooms: ['problems'], packages: ['yaml'], pure: true },
  model: { rooms: ['document', 'problems'], packages: ['ajv'], pure: true },
  catalog: { rooms: ['document', 'problems'], packages: ['node:fs/promises', 'node:path'] },
  detect: {
    rooms: ['catalog', 'document', 'problems'],
    packages: ['node:fs/promises', 'node:path', 'smol-toml'],
  },
  registry: {
    rooms: ['problems'],
    packages: [
      'execa',
      'undici',
      'node:crypto',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:stream',
      'node:timers/promises',
    ],
  },
  images: {
    rooms: ['catalog', 'detect', 'document', 'events.ts', 'model', 'plan', 'problems', 'registry'],
    packages: [
      'execa',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:process',
      'node:stream',
      'node:stream/promises',
      'node:zlib',
    ],
  },
  plan: {
    rooms: ['catalog', 'document', 'model', 'problems'],
    packages: ['json-e', 'yaml', 'node:crypto'],
    pure: true,
  },
  provenance: { rooms: ['document', 'model', 'plan', 'problems'], packages: [], pure: true },
  'events.ts': { rooms: ['problems'], packages: [], pure: true },
  cluster: {
    rooms: ['problems'],
    packages: [
      '@kubernetes/client-node',
      'undici',
      'ws',
      'node:crypto',
      'node:fs',
      'node:os',
      'node:path',
      'node:readline',
      'node:timers/promises',
    ],
  },
  readiness: { rooms: ['cluster'], packages: [], pure: true },
  releases: {
    rooms: ['cluster', 'document', 'events.ts', 'plan', 'problems'],
    packages: ['node:timers/promises', 'node:zlib'],
  },
  changes: {
    rooms: ['cluster', 'events.ts', 'plan', 'problems', 'readiness', 'releases'],
    packages: ['node:crypto'],
  },
  waiting: {
    rooms: ['cluster', 'events.ts', 'plan', 'problems', 'readiness'],
    packages: ['node:stream', 'node:timers/promises'],
  },
  deploy: {
    rooms: ['changes', 'cluster', 'events.ts', 'plan', 'problems', 'readiness', 'releases', 'waiting'],
    packages: ['node:timers/promises'],
  },
  instances: {
    rooms: ['changes', 'cluster', 'plan', 'problems', 'readiness'],
    packages: ['node:crypto', 'node:net', 'node:timers/promises'],
  },
  observe: {
    rooms: [
      'changes',
      'cluster',
      'deploy',
      'instances',
      'plan',
      'problems',
      'readiness',
      'releases',
      'waiting',
    ],
    packages: ['node:timers/promises'],
  },
  host: {
    rooms: ['document', 'problems', 'releases'],
    packages: [
      'execa',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:process',
      'node:stream',
    ],
  },
  pipeline: {
    rooms: ['catalog', 'images', 'detect', 'document', 'host', 'model', 'plan', 'problems', 'provenance'],
    packages: ['node:path'],
  },
  terminal: {
    rooms: ['detect', 'document', 'events.ts', 'model', 'observe', 'problems', 'provenance'],
    packages: ['chalk', 'inquirer', 'ora'],
  },
  cli: {
    rooms: [
      'changes',
      'cluster',
      'deploy',
      'detect',
      'events.ts',
      'host',
      'images',
      'instances',
      'model',
      'pipeline',
      'plan',
      'problems',
      'registry',
      'terminal',
    ],
    packages: ['@oclif/core', 'node:fs', 'node:path', 'node:url'],
    process: true,
  },
  commands: {
    rooms: [
      'catalog',
      'cli',
      'deploy',
      'events.ts',
      'host',
      'instances',
      'model',
      'observe',
      'pipeline',
      'plan',
      'problems',
      'provenance',
      'terminal',
    ],
    packages: ['@oclif/core', 'node:fs/promises', 'node:path'],
    process: true,
  },
};

/** Where a pure room would depend on more than its arguments. */
const impure =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bfetch\(|\bsetTimeout\(|\bprocess\./;

/** Everything in a folder of sources that the map does not allow, as `file: what`. */
export function violations(folder: string, map: Readonly<Record<string, Room>> = rooms): string[] {
  const found: string[] = [];
  const imports = readImports(folder);
  for (const { from, file, package: of, typeOnly } of imports) {
    const room = map[roomOf(from)];
    if (!room) {
      found.push(`${from}: ${roomOf(from)} is not a room`);
    } else if (file !== undefined && !file.startsWith('..')) {
      const to = roomOf(file);
      if (to !== roomOf(from) && !room.rooms.includes(to)) found.push(`${from}: imports ${file}`);
    } else if (of !== undefined && !typeOnly && !room.packages.includes(of)) {
      found.push(`${from}: imports the package ${of}`);
    }
  }
  for (const path of globSync('**/*.ts', { cwd: folder })) {
    const room = map[roomOf(path)];
    const code = readFileSync(join(folder, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    if (room?.pure && impure.test(code)) found.push(`${path}: is not pure: ${impure.exec(code)?.[0]}`);
    if (!room?.process && /\bprocess\./.test(code)) found.push(`${path}: reads process`);
  }
  return [...found, ...cycles(imports).map((cycle) => `${cycle}: a cycle`)];
}

/** Files that import one another in a circle. Types count too: a circle is hard to read either way. */
function cycles(imports: ReturnType<typeof readImports>): string[] {
  const next = new Map<string, string[]>();
  for (const { from, file } of imports) if (file) next.set(from, [...(next.get(from) ?? []), file]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    const at = above.indexOf(path);
    if (at >= 0) found.push([...above.slice(at), path].join(' > '));
    if (at >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) visit(to, [...above, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}
