import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ImageFile } from './image.ts';
import { cacheRoot } from './layout.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/**
 * What comes from Debian. The packages are unpacked into the cache and not installed, so nothing on the machine
 * changes and no service is started.
 */

/** Packages that are unpacked into one folder. */
export type DebianPackages = {
  readonly programs: readonly string[];
  /** Named, because unpacking brings no dependencies along. */
  readonly libraries: readonly string[];
};

const PROGRAMS = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'iptables',
  'docker-registry',
  'busybox-static',
];

const LIBRARIES = [
  'libseccomp2',
  'libxtables12',
  'libip4tc2',
  'libip6tc2',
  'libnftnl11',
  'libnfnetlink0',
  'libmnl0',
  'libnetfilter-conntrack3',
];

/** containerd and what it stands on. */
const NODE: DebianPackages = { programs: PROGRAMS, libraries: LIBRARIES };

/** The programs that are all the same one under different names. */
export const IPTABLES = ['iptables', 'ip6tables'].flatMap((name) => [
  name,
  `${name}-save`,
  `${name}-restore`,
]);

const LISTS = '/var/lib/apt/lists';

/** The folder that the packages are unpacked into; it exists only when it is whole. */
export function debianFolder({ programs, libraries }: DebianPackages = NODE): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const id = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? 'unknown';
  const key = createHash('sha256')
    .update([...programs, ...libraries].join(' '))
    .digest('hex')
    .slice(0, 8);
  return join(cacheRoot(), `debian-${id}-${key}-${process.arch}`);
}

/** Downloads and unpacks the packages, unless they are there. Gives the folder. */
export async function fetchDebian(
  onProgress: (line: string) => void,
  signal?: AbortSignal,
  packages: DebianPackages = NODE,
): Promise<string> {
  const folder = debianFolder(packages);
  if (existsSync(folder)) return folder;
  return withLock(
    'build-debian',
    async () => {
      if (!existsSync(folder)) await unpackInto(folder, packages, onProgress, signal);
      return folder;
    },
    { signal, onWait: () => onProgress('waiting: another run is downloading the Debian packages') },
  );
}

/** The environment in which the unpacked programs find one another and their libraries. */
export function debianEnvironment(folder: string): Record<string, string> {
  const libraries = [join(folder, 'usr/lib'), join(folder, 'lib')]
    .filter((base) => existsSync(base))
    .flatMap((base) =>
      readdirSync(base)
        .filter((entry) => entry.includes('-linux-gnu'))
        .map((entry) => join(base, entry)),
    );
  return {
    PATH: [
      join(folder, 'links'),
      join(folder, 'usr/bin'),
      join(folder, 'usr/sbin'),
      '/usr/sbin:/usr/bin:/sbin:/bin',
    ].join(':'),
    LD_LIBRARY_PATH: libraries.join(':'),
    XTABLES_LIBDIR:
      libraries.map((library) => join(library, 'xtables')).find((path) => existsSync(path)) ?? '',
  };
}

async function unpackInto(
  folder: string,
  wanted: DebianPackages,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  mkdirSync(cacheRoot(), { recursive: true });
  for (const entry of readdirSync(cacheRoot())) {
    if (entry.startsWith('.debian-')) rmSync(join(cacheRoot(), entry), { recursive: true, force: true });
  }
  const temporary = mkdtempSync(join(cacheRoot(), '.debian-'));
  try {
    const packages = join(temporary, 'packages');
    const root = join(temporary, 'root');
    mkdirSync(packages);
    mkdirSync(join(root, 'links'), { recursive: true });
    onProgress(`downloading ${wanted.programs.join(', ')} from Debian (once per machine)`);
    await download(packages, wanted, onProgress, signal);
    const versions: Record<string, string> = {};
    for (const file of readdirSync(packages)) {
      await run('dpkg-deb', ['--extract', join(packages, file), root], { signal });
      const [name = '', number = ''] = file.split('_');
      if (wanted.programs.includes(name)) versions[name] = decodeURIComponent(number);
    }
    // The names that Debian's "alternatives" would have made when installing.
    for (const name of wanted.programs.includes('iptables') ? IPTABLES : []) {
      symlinkSync('../usr/sbin/xtables-nft-multi', join(root, 'links', name));
    }
    writeFileSync(join(root, 'versions.json'), JSON.stringify(versions, null, 2));
    renameSync(root, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function download(
  folder: string,
  { programs, libraries }: DebianPackages,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const get = (): Promise<string> =>
    // The sandbox user of apt can't write into root's cache.
    run('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', ...programs, ...libraries], {
      cwd: folder,
      signal,
    });
  const update = async (why: string): Promise<void> => {
    onProgress(`fetching Debian's package lists (${why})`);
    await run('apt-get', ['update', '-q'], { signal });
  };
  const listed = existsSync(LISTS) && readdirSync(LISTS).some((file) => file.includes('_Packages'));
  if (!listed) await update('there are none yet');
  try {
    await get();
  } catch (error) {
    signal?.throwIfAborted();
    // Old lists name packages that the mirror has replaced since.
    if (!listed) throw error;
    await update('the present ones are out of date');
    await get();
  }
}

/** The files and links below a folder of an unpacked root, under the paths that they have in it. */
export function debianFiles(root: string, folder: string): ImageFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return debianFiles(root, path);
    if (entry.isSymbolicLink()) return [{ path: `/${path}`, linkTo: readlinkSync(join(root, path)) }];
    return [{ path: `/${path}`, content: readFileSync(join(root, path)) }];
  });
}
