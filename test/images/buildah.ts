import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianPackages, fetchDebian } from '../cluster/debian.ts';
import { cacheRoot } from '../cluster/layout.ts';

/** buildah from Debian's packages, unpacked into the cache. It needs root and overlayfs, as the cluster does. */

const PACKAGES: DebianPackages = {
  programs: ['buildah'],
  libraries: ['libgpgme11', 'libassuan0', 'libdevmapper1.02.1', 'libseccomp2', 'libgpg-error0'],
};

/**
 * The environment in which `buildah` is found and keeps all that it stores in one folder of ours. It begins itself anew
 * without LD_LIBRARY_PATH, so its libraries are laid over the machine's, in a mount namespace of its own.
 */
export async function buildahEnvironment(
  onProgress: (line: string) => void = () => {},
  storage = join(cacheRoot(), 'buildah'),
): Promise<Record<string, string>> {
  const root = await fetchDebian(onProgress, undefined, PACKAGES);
  const programs = join(storage, 'bin');
  const settings = join(storage, '.config/containers');
  for (const folder of [programs, settings]) mkdirSync(folder, { recursive: true });
  write(
    join(programs, 'buildah'),
    `#!/bin/sh
set -e
for libraries in ${root}/usr/lib/*-linux-gnu; do name=$(basename "$libraries"); done
export HOME=${storage}
lower=${root}/usr/lib/$name:${root}/lib/$name:/usr/lib/$name
exec unshare --mount --propagation private sh -ec '
  mount -t overlay overlay -o "lowerdir=$1" "/usr/lib/$2"
  shift 2
  exec ${root}/usr/bin/buildah "$@"' sh "$lower" "$name" "$@"
`,
    0o755,
  );
  write(join(settings, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  write(
    join(storage, 'storage.conf'),
    `[storage]\ndriver = "overlay"\ngraphroot = "${storage}/storage"\nrunroot = "${storage}/run"\n`,
  );
  write(join(storage, 'registries.conf'), 'unqualified-search-registries = []\n');
  return {
    PATH: `${programs}:${process.env.PATH}`,
    BUILDAH_ISOLATION: 'chroot',
    CONTAINERS_STORAGE_CONF: join(storage, 'storage.conf'),
    CONTAINERS_REGISTRIES_CONF: join(storage, 'registries.conf'),
  };
}

/** A storage of one test, in a folder: what it makes is its own, and it sees the images of the one in an environment. */
export function storageBeside(
  { CONTAINERS_STORAGE_CONF: shared = '' }: Readonly<Record<string, string | undefined>>,
  folder: string,
): { CONTAINERS_STORAGE_CONF: string } {
  const from = /graphroot = "(.*)"/.exec(readFileSync(shared, 'utf8'))![1];
  const file = join(folder, 'storage.conf');
  write(
    file,
    `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run"\n[storage.options]\nadditionalimagestores = ["${from}"]\n`,
  );
  return { CONTAINERS_STORAGE_CONF: file };
}

/** Only what changed, and whole: another run may be reading it. */
function write(file: string, text: string, mode = 0o644): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}
